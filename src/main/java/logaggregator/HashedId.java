package logaggregator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids that are made from a name, so that the same name always has the same id. The first 16 bits tell of what: as a time
 * they lie in the far future, so that none is mistaken for a time-ordered id of today.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8">RFC 9562, version 8</a>
 */
public enum HashedId {
    /** Of a producer's name for a request. */
    REQUEST(0xFFFF),
    /** Of a single record that was a dead letter. */
    DEAD_LETTER(0xFFFE),
    /** Of a producer's name for a record. */
    RECORD(0xFFFD),
    /** Of a queue entry whose own id tells no time of today. */
    ENTRY(0xFFFC);

    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long HASH_HIGH = 0x0000_FFFF_FFFF_0FFFL;
    private static final long HASH_LOW = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final int KIND_BITS = 48;

    private final long kind;

    HashedId(long kind) {
        this.kind = kind;
    }

    public UUID of(String name) {
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8)));
            return new UUID(
                    kind << KIND_BITS | VERSION | (hash.getLong() & HASH_HIGH), VARIANT | (hash.getLong() & HASH_LOW));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }

    /** True when {@code id} is of this kind. */
    public boolean made(UUID id) {
        return id.getMostSignificantBits() >>> KIND_BITS == kind && id.version() == 8;
    }
}
