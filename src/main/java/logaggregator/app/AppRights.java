package logaggregator.app;

import java.util.Map;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import org.jspecify.annotations.Nullable;

/** To which applications a producer may send logs. */
public interface AppRights {

    /**
     * Why a record may not be sent; null when it may.
     *
     * @param names of the applications that records name by id
     */
    @Nullable
    Rejection problem(LogEntry entry, Map<Integer, String> names);

    /** HTTP status of a request all of whose records are refused, this one first. */
    int status(Rejection first);
}
