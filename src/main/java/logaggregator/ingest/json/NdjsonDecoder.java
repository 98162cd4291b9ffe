package logaggregator.ingest.json;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.RejectedRecordException;
import org.springframework.stereotype.Component;

/** Decodes records that stand one to a line, and finds one of them again by its index. Thread-safe. */
@Component
public class NdjsonDecoder {

    private final JsonRecordDecoder recordDecoder;

    public NdjsonDecoder(JsonRecordDecoder recordDecoder) {
        this.recordDecoder = recordDecoder;
    }

    /** Decodes each line that isn't blank; the good ones go to {@code accepted}, the others to {@code rejected}. */
    public void decode(byte[] data, Instant receivedAt, Consumer<LogEntry> accepted, Consumer<Rejection> rejected) {
        Lines lines = new Lines(data, 0);
        try (RecordSequence records = new RecordSequence(recordDecoder, data)) {
            for (int index = 0; lines.next(); index++) {
                try {
                    accepted.accept(records.decode(lines.start(), lines.end(), index, receivedAt));
                } catch (RejectedRecordException e) {
                    rejected.accept(e.at(index));
                }
            }
        }
        if (lines.count() == 0) {
            rejected.accept(new Rejection(null, 0, "invalid_json", null, "there is no record"));
        }
    }

    /** The indexes of all records in {@code data}; at least one, so that data without a record isn't overlooked. */
    public IntStream indexes(byte[] data) {
        Lines lines = new Lines(data, 0);
        while (lines.next()) {
            // counting only
        }
        return IntStream.range(0, Math.max(1, lines.count()));
    }

    /** The bytes of one record as they were sent; all of {@code data} when it holds no such record. */
    public static byte[] record(byte[] data, int index) {
        Lines lines = new Lines(data, 0);
        while (lines.next()) {
            if (lines.count() == index + 1) {
                return Arrays.copyOfRange(data, lines.start(), lines.end());
            }
        }
        return data;
    }
}
