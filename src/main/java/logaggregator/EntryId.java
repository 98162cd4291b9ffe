package logaggregator;

import java.time.Instant;
import java.util.UUID;

/** The id of an entry of a queue, as {@code 1700000000000-0}: milliseconds and a sequence number, both unsigned, ordered so. */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {

    /** RFC 9562: version 8 is free for own use; the variant is the usual one. */
    private static final long VERSION = 0x8000L;

    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final int SEQUENCE_BITS = 30;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;
    private static final long MAX_MILLIS = (1L << 48) - 1;

    public static EntryId parse(String id) {
        int dash = id.indexOf('-');
        return new EntryId(
                Long.parseUnsignedLong(id, 0, dash, 10), Long.parseUnsignedLong(id, dash + 1, id.length(), 10));
    }

    /** The smallest id after this one. */
    public EntryId next() {
        return sequence == -1L ? new EntryId(millis + 1, 0) : new EntryId(millis, sequence + 1);
    }

    /** A UUID that orders by time as the ones made at the door do; the same for the same entry of the same queue. */
    public UUID toUuid(String queue) {
        if (clamp(millis) != millis || Long.compareUnsigned(sequence, SEQUENCE_MASK) > 0) {
            // chosen by a producer, and too long to be a part of it
            return HashedId.ENTRY.of(queue + '\n' + this);
        }
        return new UUID(
                millis << 16 | VERSION, VARIANT | (queue.hashCode() & 0xFFFF_FFFFL) << SEQUENCE_BITS | sequence);
    }

    public Instant toInstant() {
        return Instant.ofEpochMilli(clamp(millis));
    }

    private static long clamp(long value) {
        return Long.compareUnsigned(value, MAX_MILLIS) > 0 ? MAX_MILLIS : value;
    }

    @Override
    public int compareTo(EntryId other) {
        int byMillis = Long.compareUnsigned(millis, other.millis);
        return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
