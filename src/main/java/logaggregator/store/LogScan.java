package logaggregator.store;

import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Logs that are read one after the other, as of when the first was read. Holds a connection until it is closed. */
public interface LogScan extends AutoCloseable {

    /**
     * The next log, or null after the last.
     *
     * @throws UnavailableException when it can't be read
     */
    @Nullable
    StoredLog next();

    @Override
    void close();
}
