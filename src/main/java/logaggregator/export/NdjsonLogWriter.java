package logaggregator.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import logaggregator.store.StoredLog;

/** One JSON object per line, as the list shows it. */
final class NdjsonLogWriter implements LogWriter {

    private final SequenceWriter writer;

    NdjsonLogWriter(OutputStream output, ObjectMapper json) throws IOException {
        writer = json.writerFor(StoredLog.class)
                .withRootValueSeparator("\n")
                .without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .writeValues(output);
    }

    @Override
    public void write(StoredLog log) throws IOException {
        writer.write(log);
    }

    @Override
    public void end() throws IOException {
        writer.flush();
    }
}
