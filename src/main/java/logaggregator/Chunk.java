package logaggregator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
     * @param attempts how often its records were delivered so far, at least 1
     * @param replays how often they were dead letters and put on the queue again
     * @param uuid made from {@code id}; names this entry where the chunk's id would name its copies as well
     * @param account how its records were counted when they were accepted
     */
    public record Origin(String id, long attempts, long replays, UUID uuid, Account account) {}

    /**
     * Where and as what the records of a queue entry were counted.
     *
     * @param ledger the queue's ledger; empty when nobody counted them, as those of other producers
     * @param apps number of records by {@link LogEntry#account()}; those of which it isn't known are under ""
     */
    public record Account(String ledger, Map<String, Integer> apps) {

        /** Of records that no queue has counted. */
        public static Account uncounted(Map<String, Integer> apps) {
            return new Account("", apps);
        }
    }

    public Chunk from(Origin carrier) {
        return new Chunk(id, carrier, receivedAt, entries, data);
    }

    public Chunk withEntries(List<LogEntry> remaining) {
        return new Chunk(id, origin, receivedAt, remaining, data);
    }

    /** Number of records that can be stored, by {@link LogEntry#account()}. */
    public Map<String, Integer> countByAccount() {
        Map<String, Integer> counts = new TreeMap<>();
        entries.forEach(entry -> counts.merge(entry.account(), 1, Integer::sum));
        return counts;
    }
}
