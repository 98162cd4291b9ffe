package logaggregator.export;

import java.io.IOException;
import logaggregator.store.StoredLog;

/** Writes logs in some format. */
interface LogWriter {

    void write(StoredLog log) throws IOException;

    /** Writes what is held back, and what tells a reader that nothing follows. */
    void end() throws IOException;
}
