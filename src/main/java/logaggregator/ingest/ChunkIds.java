package logaggregator.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.f4b6a3.uuid.UuidCreator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ids of the chunks of one request. */
final class ChunkIds {

    /**
     * The first bits of an id that is made from a key: a time in the far future, so that it is never mistaken for an id
     * of today; and version 8 of RFC 9562, whose other bits are free.
     */
    private static final long KEY_PREFIX = 0xFFFF_0000_0000_8000L;

    private static final long KEY_HASH_HIGH = 0x0000_FFFF_FFFF_0FFFL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long KEY_HASH_LOW = 0x3FFF_FFFF_FFFF_FFFFL;

    private ChunkIds() {}

    /**
     * Gives ids one after the other.
     *
     * @param key the producer's name for its request, or null: then each chunk gets a new id, ordered by time
     */
    static Supplier<UUID> of(@Nullable String key) {
        if (key == null || key.isBlank()) {
            return UuidCreator::getTimeOrderedEpoch;
        }
        int[] chunk = {0};
        return () -> hash(key + '\n' + chunk[0]++);
    }

    private static UUID hash(String text) {
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
            return new UUID(KEY_PREFIX | (hash.getLong() & KEY_HASH_HIGH), VARIANT | (hash.getLong() & KEY_HASH_LOW));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }
}
