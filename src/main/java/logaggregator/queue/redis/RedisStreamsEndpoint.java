package logaggregator.queue.redis;

import java.time.Duration;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.ScheduledPollEndpoint;

/** Adds entries to a Redis stream, or reads it as a member of a consumer group. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "redis-streams",
        title = "Redis Streams",
        syntax = "redis-streams:key",
        category = {Category.MESSAGING, Category.DATABASE})
public class RedisStreamsEndpoint extends ScheduledPollEndpoint {

    /** After a failed poll: how many polls of {@link #POLL_DELAY_MS} to leave out. */
    private static final int BACKOFF_POLLS = 1_000;

    private static final long POLL_DELAY_MS = 1;

    @UriPath(description = "Key of the stream")
    @Metadata(required = true)
    private final String key;

    @UriParam(
            label = "consumer",
            description = "Consumer group to read as; created when missing, from the first entry on")
    private String group = "";

    @UriParam(label = "consumer", description = "Name within the group; stable across restarts, unique among processes")
    private String consumerName = "";

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description = "Which of several consumers of this process: from the second on it is part of the name")
    private int consumerNumber = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "500",
            description = "Records per poll when few come in; 10x under load")
    private int batchSize;

    @UriParam(label = "consumer", defaultValue = "2000", description = "How long a poll waits for new entries")
    private long blockMs;

    @UriParam(label = "consumer", defaultValue = "60000", description = "Idle time after which an entry is taken over")
    private long claimIdleMs;

    RedisStreamsEndpoint(String uri, RedisStreamsComponent component, String key) {
        super(uri, component);
        this.key = key;
        setInitialDelay(0);
        setDelay(POLL_DELAY_MS);
        setGreedy(true);
        setBackoffErrorThreshold(1);
        setBackoffMultiplier(BACKOFF_POLLS);
        setPollStrategy(new ReportOncePollStrategy());
    }

    @Override
    public Producer createProducer() {
        return new RedisStreamsProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (group.isBlank() || consumerName.isBlank()) {
            throw new IllegalArgumentException("group and consumerName are required to read from " + getEndpointUri());
        }
        RedisStreamsConsumer consumer = new RedisStreamsConsumer(this, processor);
        configureConsumer(consumer);
        // the route logs its failures, the poll strategy those of Redis
        consumer.setExceptionHandler(
                new LoggingExceptionHandler(getCamelContext(), RedisStreamsConsumer.class, LoggingLevel.DEBUG));
        return consumer;
    }

    RedisStreams streams() {
        return ((RedisStreamsComponent) getComponent()).streams();
    }

    public String getKey() {
        return key;
    }

    public String getGroup() {
        return group;
    }

    public void setGroup(String group) {
        this.group = group;
    }

    public String getConsumerName() {
        return consumerName;
    }

    public void setConsumerName(String consumerName) {
        this.consumerName = consumerName;
    }

    /** The name within the group of what this endpoint reads; a colon is in no name that is made of host and port. */
    String member() {
        return consumerNumber == 1 ? consumerName : consumerName + ":" + consumerNumber;
    }

    public int getConsumerNumber() {
        return consumerNumber;
    }

    public void setConsumerNumber(int consumerNumber) {
        this.consumerNumber = consumerNumber;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public long getBlockMs() {
        return blockMs;
    }

    public void setBlockMs(long blockMs) {
        this.blockMs = blockMs;
    }

    public long getClaimIdleMs() {
        return claimIdleMs;
    }

    public void setClaimIdleMs(long claimIdleMs) {
        this.claimIdleMs = claimIdleMs;
    }

    Duration block() {
        return Duration.ofMillis(blockMs);
    }

    Duration claimIdle() {
        return Duration.ofMillis(claimIdleMs);
    }
}
