package logaggregator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Up to 500 records that travel and are stored as one: one queue entry, one receipt.
 *
 * @param id identity for exactly-once storing: a chunk whose id has a receipt is already stored. Time-ordered.
 * @param origin what carried it to the store; null at the door, where that isn't known yet
 * @param receivedAt arrival at the door, in microseconds
 * @param entries the records that can be stored
 * @param data the records as sent, one to a line
 * @param refused the places of those records in {@code data} that can't be decoded, counted as those of the entries are;
 *     each is among the rejections
 */
public record Chunk(
        UUID id,
        @Nullable Origin origin,
        Instant receivedAt,
        List<LogEntry> entries,
        byte[] data,
        List<Integer> refused) {

    /** Of which all records can be decoded. */
    public Chunk(UUID id, @Nullable Origin origin, Instant receivedAt, List<LogEntry> entries, byte[] data) {
        this(id, origin, receivedAt, entries, data, List.of());
    }

    private static final String UNKNOWN_ACCOUNT = "";

    /**
     * A queue entry, or the request itself when it went past the queue.
     *
     * @param id the queue's id of the entry; empty when there was none
     * @param attempts how often its records were delivered so far, at least 1
     * @param replays how often they were dead letters and put on the queue again
     * @param uuid made from {@code id}; names this entry where the chunk's id would name its copies as well
     * @param account how its records were counted when they were accepted
     * @param producer under which account it was sent, if its receipt may be asked for; otherwise null
     */
    public record Origin(
            String id,
            long attempts,
            long replays,
            UUID uuid,
            Account account,
            @Nullable String producer) {

        /** Of a chunk that goes straight from the door into the store. */
        public static Origin door(Chunk chunk, @Nullable String producer) {
            return new Origin("", 1, 0, chunk.id(), Account.uncounted(chunk.countByAccount()), producer);
        }

        public boolean isDoor() {
            return id.isEmpty();
        }
    }

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
        return new Chunk(id, carrier, receivedAt, entries, data, refused);
    }

    /** What carried it; only for chunks that have left the door. */
    public Origin carrier() {
        return Objects.requireNonNull(origin);
    }

    public Chunk withEntries(List<LogEntry> remaining) {
        return new Chunk(id, origin, receivedAt, remaining, data, refused);
    }

    /** True when its record was a dead letter, and was put on the queue again. */
    public boolean isReplay() {
        return HashedId.DEAD_LETTER.made(id);
    }

    /** Number of records, those that can't be decoded included. */
    public int size() {
        return entries.size() + refused.size();
    }

    /** The place of each record, in the order of the lines of the data. */
    public int[] places() {
        return IntStream.concat(
                        entries.stream().mapToInt(LogEntry::index),
                        refused.stream().mapToInt(Integer::intValue))
                .sorted()
                .toArray();
    }

    /** Number of records by {@link LogEntry#account()}; of those that can't be decoded it isn't known. */
    public Map<String, Integer> countByAccount() {
        Map<String, Integer> counts = new TreeMap<>();
        entries.forEach(entry -> counts.merge(entry.account(), 1, Integer::sum));
        if (!refused.isEmpty()) {
            counts.put(UNKNOWN_ACCOUNT, refused.size());
        }
        return counts;
    }
}
