package logaggregator;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record that was refused, and why.
 *
 * @param chunk what carried it, for what becomes a dead letter; null for what the client is told instead
 * @param index position among the records of the request or queue entry, from 0
 * @param reason machine-readable, e.g. {@code missing_field}
 * @param field the field at fault, or null when it is the record as a whole
 * @param error one sentence for a person; never holds the record itself
 */
public record Rejection(
        @Nullable Chunk chunk,
        int index,
        String reason,
        @Nullable String field,
        String error) {

    /** What carried it; only for what isn't told to the client. */
    public Chunk carrier() {
        return Objects.requireNonNull(chunk);
    }

    /** Of a record that is left out of its chunk. */
    public Rejection toldToTheClient() {
        return new Rejection(null, index, reason, field, error);
    }

    public Rejection in(Chunk carrier) {
        return at(carrier, index);
    }

    public Rejection at(Chunk carrier, int otherIndex) {
        return new Rejection(carrier, otherIndex, reason, field, error);
    }
}
