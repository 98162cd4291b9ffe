package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import logaggregator.LogEntry;
import logaggregator.ingest.RejectedRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the lines of one text, from the first to the last, by one parser: making one for each line takes a good part of
 * the time. A line that is anything but one good object is decoded alone, and a new parser goes on behind it. Used by one
 * thread.
 */
final class RecordSequence implements AutoCloseable {

    /** Among many bad lines a parser that reads on from one into the next would read the same text again and again. */
    private static final int MAX_PARSERS = 50;

    private final JsonRecordDecoder alone;
    private final byte[] source;
    private @Nullable RecordReader reader;
    private int parsers;

    RecordSequence(JsonRecordDecoder alone, byte[] source) {
        this.alone = alone;
        this.source = source;
    }

    /** Decodes {@code source[from..to)}, which is a line without the blanks around it and comes after the last one. */
    LogEntry decode(int from, int to, int index, Instant receivedAt) throws RejectedRecordException {
        RecordFields fields = JsonRecordDecoder.isPlain(source, from, to) ? readOn(from, to) : null;
        if (fields == null) {
            close();
            return alone.decode(source, from, to, index, receivedAt);
        }
        return alone.toEntry(fields, index, receivedAt);
    }

    /** Null when the line isn't one object that can be read. */
    private @Nullable RecordFields readOn(int from, int to) {
        try {
            RecordReader current = reader == null ? begin(from) : reader;
            if (current == null || !current.startsObject(from)) {
                return null;
            }
            RecordFields fields = current.read();
            return current.tokenEnd() == to ? fields : null;
        } catch (IOException | UnreadableRecordException e) {
            return null;
        }
    }

    private @Nullable RecordReader begin(int from) throws IOException {
        if (parsers < MAX_PARSERS) {
            parsers++;
            JsonParser parser = JsonRecordDecoder.JSON.createParser(source, from, source.length - from);
            reader = new RecordReader(parser, source, from);
        }
        return reader;
    }

    @Override
    public void close() {
        try {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
