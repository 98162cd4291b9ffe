package logaggregator;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Up to 500 records that travel and are stored as one: one queue entry, one receipt.
 *
 * @param id identity for exactly-once storing: a chunk whose id has a receipt is already stored. Time-ordered.
 * @param origin the queue entry that carried it; null at the door, where there is none yet
 * @param receivedAt arrival at the door, in microseconds
 * @param entries the records that can be stored
 * @param data the records as sent, one JSON object per line, in UTF-8
 */
public record Chunk(UUID id, @Nullable Origin origin, Instant receivedAt, List<LogEntry> entries, byte[] data) {

    /**
     * A queue entry.
     *
     * @param id the queue's id of the entry
     * @param attempts how often the entry was delivered so far, at least 1
     */
    public record Origin(String id, long attempts) {}

    public Chunk withEntries(List<LogEntry> remaining) {
        return new Chunk(id, origin, receivedAt, remaining, data);
    }
}
