package logaggregator.queue.redis;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * Camel component {@code redis-streams:KEY?group=…}. A producer adds entries to the stream KEY, a consumer reads it as a
 * member of a consumer group. See docs/redis-streams-component.md.
 */
public class RedisStreamsComponent extends DefaultComponent {

    private final RedisStreams streams;
    private final Defaults defaults;

    /** What an endpoint takes when its URI doesn't say. */
    public record Defaults(String consumerName, int batchSize, Duration block, Duration claimIdle) {}

    RedisStreamsComponent(RedisStreams streams, Defaults defaults) {
        this.streams = streams;
        this.defaults = defaults;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        RedisStreamsEndpoint endpoint = new RedisStreamsEndpoint(uri, this, remaining);
        endpoint.setConsumerName(defaults.consumerName());
        endpoint.setBatchSize(defaults.batchSize());
        endpoint.setBlockMs(defaults.block().toMillis());
        endpoint.setClaimIdleMs(defaults.claimIdle().toMillis());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    RedisStreams streams() {
        return streams;
    }
}
