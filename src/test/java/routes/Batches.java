package routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;

/** Batches to send. */
final class Batches {

    private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");

    private Batches() {}

    /** One chunk of so many records. */
    static Batch of(int records) {
        List<LogEntry> entries = IntStream.range(0, records)
                .mapToObj(index -> new LogEntry(index, "shop", null, "INFO", "cart", "m" + index, NOW, null, null))
                .toList();
        byte[] data = "{}\n".repeat(records).getBytes(UTF_8);
        return Batch.of(List.of(new Chunk(new UUID(1, 2), null, NOW, entries, data)), List.of());
    }

    /** A reason to refuse one record of the first chunk. */
    static Rejection rejection(Batch batch, int index) {
        return new Rejection(batch.chunks().get(0), index, "not_storable", null, "the store can't keep it");
    }

    static List<String> messages(Batch batch) {
        return batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream())
                .map(LogEntry::message)
                .toList();
    }
}
