package logaggregator.deadletter;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record that can't be stored.
 *
 * @param id of the letter, as {@code 1700000000000-0}; ordered by time; empty while it is kept nowhere yet
 * @param identity of the record: however often it is replayed, it is stored once
 * @param app what the record is counted under, see {@link logaggregator.LogEntry#account()}; empty when that isn't known
 * @param reason machine-readable, e.g. {@code missing_field}
 * @param field the field at fault, or null when it is the record as a whole
 * @param error one sentence for a person
 * @param data the record as it was sent; never changed once it is in here
 * @param receivedAt when the record arrived at the door
 * @param failedAt when it became a dead letter
 * @param attempts how often it was delivered so far
 * @param replays how often it was replayed so far
 * @param source the queue it came from
 * @param entry the queue's id of the entry that carried it; empty when it went past the queue
 * @param line where in that entry, or in its chunk, it stood; from 1
 */
public record DeadLetter(
        String id,
        UUID identity,
        String app,
        String reason,
        @Nullable String field,
        String error,
        byte[] data,
        Instant receivedAt,
        Instant failedAt,
        long attempts,
        long replays,
        String source,
        String entry,
        int line) {

    /** Names this letter; the next one of the same record has another. */
    public String key() {
        return key(identity, replays);
    }

    static String key(UUID identity, long replays) {
        return identity + ":" + replays;
    }
}
