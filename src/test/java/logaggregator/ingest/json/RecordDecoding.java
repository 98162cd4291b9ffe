package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.RejectedRecordException;
import org.jspecify.annotations.Nullable;

/** Decodes one record in a test; messages are limited to 300 characters. */
final class RecordDecoding {

    static final Instant NOW = Instant.parse("2025-06-01T12:00:00.123456Z");
    static final JsonRecordDecoder DECODER = new JsonRecordDecoder(new IngestLimits(300, 16 << 20, 50_000, 500));
    private static final int INDEX = 5;

    private RecordDecoding() {}

    static LogEntry decode(String json) throws RejectedRecordException {
        return decode(json.getBytes(UTF_8));
    }

    private static LogEntry decode(byte[] json) throws RejectedRecordException {
        return DECODER.decode(json, 0, json.length, INDEX, NOW);
    }

    static Rejection reject(String json) {
        return reject(json.getBytes(UTF_8));
    }

    private static Rejection reject(byte[] json) {
        RejectedRecordException rejected = catchThrowableOfType(RejectedRecordException.class, () -> decode(json));
        assertThat(rejected).as("rejection").isNotNull();
        return rejected.at(INDEX);
    }

    static void assertRejected(String json, String reason, @Nullable String field) {
        assertRejected(json.getBytes(UTF_8), reason, field);
    }

    static void assertRejected(byte[] json, String reason, @Nullable String field) {
        Rejection rejection = reject(json);
        assertThat(rejection.reason()).isEqualTo(reason);
        assertThat(rejection.field()).isEqualTo(field);
        assertThat(rejection.index()).isEqualTo(INDEX);
        assertThat(rejection.error()).isNotBlank();
    }
}
