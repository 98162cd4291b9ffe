package logaggregator.queue.redis;

/** The id of a stream entry, as Redis orders it: two unsigned numbers. */
record StreamId(long millis, long sequence) implements Comparable<StreamId> {

    static StreamId parse(String id) {
        int dash = id.indexOf('-');
        return new StreamId(
                Long.parseUnsignedLong(id, 0, dash, 10), Long.parseUnsignedLong(id, dash + 1, id.length(), 10));
    }

    /** The smallest id after this one. */
    StreamId next() {
        return sequence == -1L ? new StreamId(millis + 1, 0) : new StreamId(millis, sequence + 1);
    }

    @Override
    public int compareTo(StreamId other) {
        int byMillis = Long.compareUnsigned(millis, other.millis);
        return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
