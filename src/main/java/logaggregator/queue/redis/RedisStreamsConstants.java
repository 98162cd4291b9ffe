package logaggregator.queue.redis;

/** Names of message headers. */
public final class RedisStreamsConstants {

    /** Set by the producer: the ids of the entries it added, in the order of the body; a {@code List<String>}. */
    public static final String IDS = "CamelRedisStreamsIds";

    /**
     * A variable that the producer reads: true when somebody may ask whether an entry is in the queue by the id in its
     * field {@code id}; false when absent.
     */
    public static final String TRACED = "traced";

    private RedisStreamsConstants() {}
}
