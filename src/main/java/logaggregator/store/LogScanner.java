package logaggregator.store;

import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;

/** Reads any number of logs, of which it holds few in memory. */
public interface LogScanner {

    /**
     * Reads all logs that match, in the order of {@link LogPage}.
     *
     * @throws UnavailableException when it can't be read
     * @throws QueryTimedOutException when finding the first would take too long
     */
    LogScan scan(LogFilter filter, boolean newestFirst);
}
