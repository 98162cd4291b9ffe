package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** Decodes bodies in a test: two good records, a bad one, and a look at what comes out. */
final class BodyDecoding {

    static final String BOM = "\uFEFF";
    static final String A = record("message", "\"a\u00e9\"", "metadata", "{\"n\":1.0}");
    static final String B = record("message", "\"b\u2028\"", "host", "\"\uD83D\uDE00\"");
    static final String BAD = record("level", null);
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00.123456789Z");

    private BodyDecoding() {}

    static JsonBodyDecoder decoder(int maxRecords, int recordsPerEntry) {
        IngestLimits limits = new IngestLimits(1_000, 16 << 20, maxRecords, recordsPerEntry);
        return new JsonBodyDecoder(limits, new JsonRecordDecoder(limits), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    static Batch decode(String body) {
        return decode(body.getBytes(UTF_8));
    }

    static Batch decode(byte @Nullable [] body) {
        return decoder(50_000, 500).decode(body, null, null);
    }

    static InvalidBodyException refusal(byte @Nullable [] body) {
        InvalidBodyException refused = catchThrowableOfType(InvalidBodyException.class, () -> decode(body));
        assertThat(refused).as("refusal").isNotNull();
        return refused;
    }

    /** An array when the separator is a comma, else lines. */
    static String array(String separator, String... records) {
        String joined = String.join(separator, records);
        return separator.equals(",") ? "[" + joined + "]" : joined;
    }

    static String pretty(String json, String lineEnd) {
        return JsonRecords.json(json).toPrettyString().replace("\n", lineEnd);
    }

    static List<LogEntry> entries(Batch batch) {
        return batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream())
                .toList();
    }

    static List<String> messages(Batch batch) {
        return entries(batch).stream().map(LogEntry::message).toList();
    }

    static List<UUID> ids(Batch batch) {
        return batch.chunks().stream().map(Chunk::id).toList();
    }

    static String text(Chunk chunk) {
        return new String(chunk.data(), UTF_8);
    }

    static List<String> lines(Batch batch) {
        return batch.chunks().stream()
                .flatMap(chunk -> Stream.of(text(chunk).split("\n")))
                .toList();
    }
}
