package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import logaggregator.LogEntry;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.RejectedRecordException;
import org.springframework.stereotype.Component;

/** Decodes one record that stands alone, as a line of NDJSON or a queue entry holds it. Thread-safe. */
@Component
public class JsonRecordDecoder {

    /**
     * The longest name in bytes: a letter above U+FFFF counts as two characters in four bytes. The parser remembers
     * thousands of names for the texts to come, so that long ones would fill the memory.
     */
    private static final int MAX_NAME_BYTES = 3 * IngestLimits.MAX_METADATA_KEY_LENGTH;

    /** Of a number; to read one takes the square of them. */
    static final int MAX_DIGITS = 1_000;

    /** So far a record that has too much is read, to find the next one. */
    private static final int MAX_DEPTH = 1_000;

    private static final int MAX_TEXT_LENGTH = 16 << 20;

    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .maxNameLength(MAX_NAME_BYTES)
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .build())
            .build();

    private final IngestLimits limits;

    public JsonRecordDecoder(IngestLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes {@code source[from..to)}.
     *
     * @param receivedAt arrival time; stands in for a missing timestamp and bounds how far ahead one may be
     */
    public LogEntry decode(byte[] source, int from, int to, int index, Instant receivedAt)
            throws RejectedRecordException {
        if (to - from > IngestLimits.MAX_RECORD_BYTES) {
            throw RecordFields.recordTooLong();
        }
        if (!Utf8.isValid(source, from, to)) {
            throw new RejectedRecordException("invalid_utf8", null, "the record is not valid UTF-8");
        }
        byte[] storable = StorableText.replace(source, from, to);
        RecordFields fields = storable == null ? read(source, from, to) : read(storable, 0, storable.length);
        fields.sanitized = storable != null;
        return toEntry(fields, index, receivedAt);
    }

    LogEntry toEntry(RecordFields fields, int index, Instant receivedAt) throws RejectedRecordException {
        return fields.toEntry(index, receivedAt, limits);
    }

    /** True when the bytes of a record can be read as they are. */
    static boolean isPlain(byte[] source, int from, int to) {
        return to - from <= IngestLimits.MAX_RECORD_BYTES
                && Utf8.isValid(source, from, to)
                && StorableText.replace(source, from, to) == null;
    }

    private static RecordFields read(byte[] source, int from, int to) throws RejectedRecordException {
        try (JsonParser parser = JSON.createParser(source, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                throw new RejectedRecordException("not_an_object", null, "the record is not a JSON object");
            }
            RecordFields fields = new RecordReader(parser, source, from).read();
            if (parser.nextToken() != null) {
                throw new RejectedRecordException(
                        "invalid_json", null, "something follows the JSON object: one line holds one record");
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw new RejectedRecordException(JsonErrors.reason(e), null, JsonErrors.describe(e, from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
