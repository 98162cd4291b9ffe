package logaggregator.queue.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import logaggregator.UnavailableException;
import logaggregator.queue.Delivery;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream as a member of a consumer group; one poll is one exchange, whose body is a {@code List<Delivery>}. It
 * acknowledges the entries once the route has ended without an exception, never before. First come the entries that are
 * pending under its own name, then those of consumers that have gone silent, then new ones. While the route works, even
 * for hours, it reports its entries so that nobody takes them over.
 */
class RedisStreamsConsumer extends ScheduledPollConsumer implements ShutdownAware {

    private static final Logger log = LoggerFactory.getLogger(RedisStreamsConsumer.class);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final RedisStreamsEndpoint endpoint;
    private final RedisStreams streams;
    private final AdaptiveCount count;
    private final Recovery recovery;
    private @Nullable ScheduledExecutorService reporter;
    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private volatile boolean polling;
    private volatile boolean ending;
    private boolean ownPending = true;
    private boolean groupSeen;
    private long nextTakeOver = System.nanoTime();

    RedisStreamsConsumer(RedisStreamsEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.streams = endpoint.streams();
        this.count = new AdaptiveCount(endpoint.getBatchSize());
        this.recovery = new Recovery(endpoint, this::handle, this::isRunAllowed);
    }

    @Override
    protected void doStart() throws Exception {
        reporter = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "redis-streams-reporter");
        ending = false;
        super.doStart();
    }

    /** Camel looks only once a second whether a consumer has ended; a read that is under way returns sooner. */
    @Override
    protected void doSuspend() throws Exception {
        super.doSuspend();
        ending = true;
        long begin = System.nanoTime();
        while (polling && System.nanoTime() - begin < endpoint.block().toNanos()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    @Override
    protected void doResume() throws Exception {
        ending = false;
        super.doResume();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        endpoint.getCamelContext().getExecutorServiceManager().shutdown(reporter);
        try {
            streams.leave(endpoint.getKey(), endpoint.getGroup(), endpoint.member());
        } catch (UnavailableException e) {
            log.debug("Left the group without saying so: {}", e.getMessage());
        }
        disconnect();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    /** A read that waits for new entries may already have been given some: an orderly end lets it return first. */
    @Override
    public int getPendingExchangesSize() {
        return polling ? 1 : 0;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // the read returns by itself
    }

    @Override
    protected int poll() throws Exception {
        polling = true;
        try {
            return ending ? 0 : pollOnce();
        } catch (Exception e) {
            ownPending = true; // what was delivered is still ours
            disconnect();
            if (isStoppingOrStopped()) {
                return 0; // the wait for new entries was cut short
            }
            if (RedisStreams.isGroupMissing(e)) {
                // not before: a Redis that is full refuses to make one, but lets it be read
                makeGroup();
                return 0;
            }
            throw e;
        } finally {
            polling = false;
        }
    }

    private void makeGroup() {
        streams.createGroup(endpoint.getKey(), endpoint.getGroup());
        if (groupSeen) {
            log.warn(
                    "Group {} of {} has vanished from Redis and was made again; of what waited, {} entries are still there",
                    endpoint.getGroup(),
                    endpoint.getKey(),
                    streams.length(endpoint.getKey()));
        }
    }

    private int pollOnce() throws Exception {
        if (ownPending) {
            int recovered = recovery.run(endpoint.member(), Duration.ZERO);
            ownPending = false;
            if (recovered > 0) {
                return recovered;
            }
        }
        if (System.nanoTime() - nextTakeOver >= 0) {
            nextTakeOver = System.nanoTime() + endpoint.claimIdle().toNanos() / 4;
            int recovered = recovery.run(null, endpoint.claimIdle());
            if (recovered > 0) {
                return recovered;
            }
        }
        int asked = count.next();
        List<Delivery> deliveries = Recovery.toDeliveries(readNew(asked), Map.of());
        groupSeen = true;
        count.observe(deliveries, asked);
        return handle(deliveries);
    }

    private List<StreamMessage<String, byte[]>> readNew(int asked) {
        if (connection == null || !connection.isOpen()) {
            connection = streams.open();
            connection.setTimeout(endpoint.block().plus(connection.getTimeout()));
        }
        return streams.readNew(
                connection, endpoint.getKey(), endpoint.getGroup(), endpoint.member(), asked, endpoint.block());
    }

    private int handle(List<Delivery> deliveries) throws Exception {
        if (deliveries.isEmpty()) {
            return 0;
        }
        List<String> ids = deliveries.stream().map(Delivery::id).toList();
        ScheduledFuture<?> reports = reportWhileWorking(ids);
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(deliveries);
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            streams.acknowledge(endpoint.getKey(), endpoint.getGroup(), deliveries);
            return deliveries.size();
        } catch (UnavailableException e) {
            uncount(deliveries);
            throw e;
        } finally {
            reports.cancel(false);
            releaseExchange(exchange, false);
        }
    }

    /** A delivery that ended because a server was away says nothing against the entries. */
    private void uncount(List<Delivery> deliveries) {
        try {
            deliveries.stream()
                    .collect(Collectors.groupingBy(Delivery::attempts))
                    .forEach((attempts, same) -> streams.setAttempts(
                            endpoint.getKey(),
                            endpoint.getGroup(),
                            endpoint.member(),
                            same.stream().map(Delivery::id).toList(),
                            attempts - 1));
        } catch (UnavailableException e) {
            log.debug("Could not take {} deliveries back: {}", deliveries.size(), e.getMessage());
        }
    }

    private ScheduledFuture<?> reportWhileWorking(List<String> ids) {
        long interval = Math.max(1, endpoint.getClaimIdleMs() / 3);
        return Objects.requireNonNull(reporter)
                .scheduleWithFixedDelay(() -> report(ids), interval, interval, TimeUnit.MILLISECONDS);
    }

    private void report(List<String> ids) {
        try {
            streams.touch(endpoint.getKey(), endpoint.getGroup(), endpoint.member(), ids);
        } catch (UnavailableException e) {
            log.debug("Could not report {} entries as being worked on: {}", ids.size(), e.getMessage());
        }
    }

    private void disconnect() {
        if (connection != null) {
            streams.discard(connection);
            connection = null;
        }
    }
}
