package logaggregator.queue;

import java.time.Instant;
import java.util.UUID;

/** The id of an entry: milliseconds and a sequence number, as {@code 1700000000000-0}. */
record EntryId(long millis, long sequence) {

    /** RFC 9562: version 8 is free for own use; the variant is the usual one. */
    private static final long VERSION = 0x8000L;

    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final int SEQUENCE_BITS = 30;
    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;
    private static final long MAX_MILLIS = (1L << 48) - 1;

    static EntryId parse(String id) {
        int dash = id.indexOf('-');
        return new EntryId(
                Long.parseUnsignedLong(id, 0, dash, 10), Long.parseUnsignedLong(id, dash + 1, id.length(), 10));
    }

    /** A UUID that orders by time as the ones made at the door do; the same for the same entry of the same queue. */
    UUID toUuid(String queue) {
        return new UUID(
                clamp(millis) << 16 | VERSION,
                VARIANT | (queue.hashCode() & 0xFFFF_FFFFL) << SEQUENCE_BITS | (sequence & SEQUENCE_MASK));
    }

    Instant toInstant() {
        return Instant.ofEpochMilli(clamp(millis));
    }

    private static long clamp(long value) {
        return Long.compareUnsigned(value, MAX_MILLIS) > 0 ? MAX_MILLIS : value;
    }
}
