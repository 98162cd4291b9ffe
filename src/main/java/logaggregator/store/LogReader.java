package logaggregator.store;

import java.util.List;
import logaggregator.UnavailableException;

/** The read side of the persistence of logs. All methods throw {@link UnavailableException} when they can't answer. */
public interface LogReader {

    /** Newest first; logs of the same time are in the reverse order of their ids. */
    List<StoredLog> find(LogFilter filter, int skip, int limit);

    LogStats stats();
}
