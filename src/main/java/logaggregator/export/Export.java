package logaggregator.export;

import java.io.IOException;
import java.io.OutputStream;
import logaggregator.UnavailableException;

/** Logs on their way to a client; of those few are in memory. Holds a connection to the database until it is closed. */
public interface Export extends AutoCloseable {

    /**
     * Writes all of them.
     *
     * @throws IOException when the client doesn't take them
     * @throws UnavailableException when the rest can't be read or may not be any more, or the service ends
     */
    void writeTo(OutputStream output) throws IOException;

    @Override
    void close();
}
