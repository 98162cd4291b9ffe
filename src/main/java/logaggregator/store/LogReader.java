package logaggregator.store;

import java.util.List;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The read side of the persistence of logs. All methods throw {@link UnavailableException} when they can't answer, and
 * {@link QueryTimedOutException} when it would take too long.
 */
public interface LogReader {

    /** Has as many as are wanted, or fewer that are about as large as one answer may be. */
    FoundLogs find(LogFilter filter, LogPage page);

    /** The same, and how many match in all, at the same moment. */
    CountedLogs findAndCount(LogFilter filter, LogPage page);

    /** Returns null when there is no such log. */
    @Nullable
    StoredLog get(long id);

    /**
     * A log between others of the same service of the same application, the oldest first; empty when there is no such log.
     * Has fewer than are wanted where those before it, or after it, are about as large as one answer may be.
     *
     * @param before how many at most came before it
     * @param after how many at most came after it
     */
    List<StoredLog> context(long id, int before, int after);
}
