package logaggregator.queue.redis;

import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Adds the entries of the body, a {@code List<Map<String, byte[]>>}, in one round trip and in one step: when it returns
 * all of them are acknowledged and header {@link RedisStreamsConstants#IDS} has their ids, when it throws none is, though
 * after a time-out they may have been added. Thread-safe.
 */
class RedisStreamsProducer extends DefaultProducer {

    private final RedisStreamsEndpoint endpoint;

    RedisStreamsProducer(RedisStreamsEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    @SuppressWarnings("unchecked") // a route that sends anything else is broken and fails here
    public void process(Exchange exchange) throws Exception {
        List<Map<String, byte[]>> entries = exchange.getMessage().getMandatoryBody(List.class);
        boolean traced = exchange.getVariable(RedisStreamsConstants.TRACED, false, Boolean.class);
        exchange.getMessage()
                .setHeader(RedisStreamsConstants.IDS, endpoint.streams().add(endpoint.getKey(), entries, traced));
    }
}
