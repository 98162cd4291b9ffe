package logaggregator.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a chunk.
 *
 * @param stored how many of its records are stored; null when that wasn't noted
 * @param rejected JSON text: those that are dead letters, up to 100, each with index, field, reason and error; or null
 * @param producer the account that may ask for it; null when that wasn't noted
 */
public record Receipt(
        UUID id,
        Instant settledAt,
        @Nullable Integer stored,
        @Nullable String rejected,
        @Nullable String producer) {

    public boolean isStored() {
        return stored == null || stored > 0;
    }
}
