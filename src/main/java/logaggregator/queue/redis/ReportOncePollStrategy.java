package logaggregator.queue.redis;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once, without a stack trace, that polling fails, and once that it works again. */
class ReportOncePollStrategy extends DefaultPollingConsumerPollStrategy {

    private static final Logger log = LoggerFactory.getLogger(ReportOncePollStrategy.class);

    private volatile boolean failing;

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        if (!failing) {
            failing = true;
            log.warn("Polling {} fails, it is tried again every second: {}", endpoint, cause.getMessage());
        }
        return false;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        if (failing) {
            failing = false;
            log.info("Polling {} works again", endpoint);
        }
    }
}
