package logaggregator.ingest;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;
import java.util.function.Supplier;
import logaggregator.HashedId;
import org.jspecify.annotations.Nullable;

/** The ids of the chunks of one request. */
final class ChunkIds {

    private ChunkIds() {}

    static boolean isKey(@Nullable String key) {
        return key != null && !key.isBlank();
    }

    /**
     * Gives ids one after the other.
     *
     * @param key the producer's name for its request, or null: then each chunk gets a new id, ordered by time
     */
    static Supplier<UUID> of(@Nullable String key) {
        if (key == null || !isKey(key)) {
            return UuidCreator::getTimeOrderedEpoch;
        }
        int[] chunk = {0};
        return () -> HashedId.REQUEST.of(key + '\n' + chunk[0]++);
    }
}
