package logaggregator.export;

import java.io.IOException;
import logaggregator.store.StoredLog;

/** Writes logs in some format. */
interface LogWriter {

    void write(StoredLog log) throws IOException;

    /** Writes what is held back. */
    void flush() throws IOException;
}
