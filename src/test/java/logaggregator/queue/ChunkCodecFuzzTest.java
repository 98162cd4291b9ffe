package logaggregator.queue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.ingest.json.NdjsonDecoder;

/**
 * Any entry of the queue: each of its records is there, good or rejected, and the entry as it is written again reads the
 * same. The input holds the id of the entry and its fields, divided by 0xFF; one that is empty is missing.
 */
class ChunkCodecFuzzTest {

    private static final List<String> FIELDS =
            List.of("data", "id", "n", "at", "apps", "ledger", "attempts", "replays", "other");
    private static final IngestLimits LIMITS = new IngestLimits(1_000, 1 << 20, 100, 500);
    private static final NdjsonDecoder LINES = new NdjsonDecoder(new JsonRecordDecoder(LIMITS));
    private static final ChunkCodec CODEC =
            new ChunkCodec(LINES, new QueueSettings("logs", "group", "dlq", "", 1, 500, 2_000, 60_000, 10));
    private static final Pattern ENTRY_ID = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");

    @FuzzTest
    void entry(byte[] input) {
        String[] values = new String(input, ISO_8859_1).split("\u00FF", FIELDS.size() + 1);
        String id = values[0];
        Map<String, byte[]> fields = fields(values);
        if (fields.isEmpty() || !ENTRY_ID.matcher(id).matches()) {
            return;
        }

        Batch batch = CODEC.decode(List.of(new Delivery(id, fields, 1)));

        Chunk chunk = batch.chunks().get(0);
        assertThat(batch.chunks()).hasSize(1);
        assertThat(chunk.receivedAt()).isBetween(Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));
        byte[] data = fields.get("data");
        List<Integer> expected =
                data == null ? List.of(0) : LINES.indexes(data).boxed().toList();
        assertThat(Stream.concat(
                                chunk.entries().stream().map(LogEntry::index),
                                batch.rejections().stream().map(Rejection::index))
                        .sorted())
                .isEqualTo(expected);
        assertThat(batch.rejections()).allSatisfy(rejection -> {
            assertThat(rejection.chunk()).isSameAs(chunk);
            assertThat(NdjsonDecoder.record(chunk.data(), rejection.index())).isNotNull();
        });
        assertThat(chunk.origin().account().apps().values()).allMatch(count -> count >= 0);

        Chunk again = CODEC.decode(List.of(new Delivery(
                        id,
                        CODEC.encode(Batch.of(List.of(chunk), List.of()), null).get(0),
                        1)))
                .chunks()
                .get(0);
        assertThat(again.id()).isEqualTo(chunk.id());
        assertThat(again.receivedAt()).isEqualTo(chunk.receivedAt());
        assertThat(again.data()).isEqualTo(chunk.data());
        if (data != null) {
            assertThat(again.entries())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(chunk.entries());
        }
    }

    private static Map<String, byte[]> fields(String[] values) {
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 1; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                fields.put(FIELDS.get(i - 1), values[i].getBytes(ISO_8859_1));
            }
        }
        return fields;
    }
}
