package logaggregator.queue.redis;

/** Names of message headers. */
public final class RedisStreamsConstants {

    /** Set by the producer: the ids of the entries it added, in the order of the body; a {@code List<String>}. */
    public static final String IDS = "CamelRedisStreamsIds";

    private RedisStreamsConstants() {}
}
