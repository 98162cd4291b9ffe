package logaggregator.queue.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import logaggregator.UnavailableException;
import logaggregator.metrics.Metrics;
import logaggregator.queue.Delivery;
import logaggregator.support.Eventually;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The component {@code redis-streams} against a real Redis. */
class RedisStreamsConsumerIT {

    private static final String GROUP = "g";
    private static final String ME = "me";
    private static final Duration CLAIM_IDLE = Duration.ofMillis(400);

    private final String stream = "s-" + UUID.randomUUID();
    private final List<List<Delivery>> polls = new CopyOnWriteArrayList<>();
    private final List<String> failing = new CopyOnWriteArrayList<>();
    private StatefulRedisConnection<String, String> console;
    private RedisCommands<String, String> redis;
    private RedisConnections connections;
    private RedisStreams streams;
    private DefaultCamelContext camel;

    @BeforeEach
    void connect() {
        connect(Servers.redis());
    }

    private void connect(RedisProcess server) {
        console = RedisConsole.connect(server);
        redis = console.sync();
        connections =
                new RedisConnections(RedisConnections.client(RedisURI.create(server.url()), Duration.ofSeconds(1)));
        streams = new RedisStreams(
                new RedisCalls(connections, 0, Duration.ZERO),
                new LedgerMemory(),
                new Metrics(new SimpleMeterRegistry()));
    }

    @AfterEach
    void disconnect() {
        if (camel != null) {
            camel.stop();
        }
        connections.close();
        console.close();
    }

    @Test
    void entries_are_acknowledged_once_the_route_has_ended() throws Exception {
        add("a", "b");

        consume();

        Eventually.passes(() -> assertThat(delivered()).containsExactly("a", "b"));
        awaitPending(0);
    }

    @Test
    void a_failed_batch_stays_pending_and_comes_again_until_it_succeeds() throws Exception {
        failing.add("a");
        add("a");
        consume();
        Eventually.holds(() -> polls.size() >= 2);
        assertThat(pending()).isEqualTo(1);

        failing.clear();

        awaitPending(0);
    }

    @Test
    void an_entry_that_fails_again_and_again_is_delivered_alone_so_that_the_others_pass() throws Exception {
        failing.add("poison");
        add("a", "poison", "b");

        consume();

        Eventually.holds(() -> polls.stream()
                .anyMatch(poll -> poll.size() == 1 && text(poll.get(0)).equals("poison")));
        Eventually.passes(() -> assertThat(succeeded()).contains("a", "b"));
        Eventually.passes(
                () -> assertThat(polls.get(polls.size() - 1).get(0).attempts()).isGreaterThan(3));
    }

    @Test
    void a_delivery_that_ended_because_a_server_was_away_is_not_counted() throws Exception {
        add("waits");
        consume(exchange -> {
            if (polls.size() < 6) {
                throw new UnavailableException("made by a test", new IllegalStateException());
            }
        });

        Eventually.holds(() -> polls.size() >= 6);
        awaitPending(0);
        assertThat(polls).allSatisfy(poll -> assertThat(poll.get(0).attempts()).isEqualTo(1));
    }

    @Test
    void what_a_consumer_left_behind_comes_first_when_it_is_back() throws Exception {
        add("left behind");
        redis.xgroupCreate(StreamOffset.from(stream, "0"), GROUP);
        redis.xreadgroup(Consumer.from(GROUP, ME), StreamOffset.lastConsumed(stream));
        add("new");

        consume();

        Eventually.passes(() -> assertThat(delivered()).containsExactly("left behind", "new"));
        assertThat(polls.get(0).get(0).attempts()).isEqualTo(2);
        awaitPending(0);
    }

    @Test
    void entries_of_a_consumer_that_has_gone_silent_are_taken_over() throws Exception {
        add("of the dead");
        redis.xgroupCreate(StreamOffset.from(stream, "0"), GROUP);
        redis.xreadgroup(Consumer.from(GROUP, "dead"), StreamOffset.lastConsumed(stream));

        consume();

        Eventually.passes(() -> assertThat(delivered()).containsExactly("of the dead"));
        awaitPending(0);
    }

    @Test
    void entries_that_are_worked_on_for_long_are_not_taken_over() throws Exception {
        add("slow");
        Object finish = new Object();
        boolean[] finished = {false};
        consume(exchange -> {
            synchronized (finish) {
                while (!finished[0]) {
                    finish.wait();
                }
            }
        });
        Eventually.holds(() -> !redis.xinfoGroups(stream).isEmpty() && pending() == 1);
        long begin = System.nanoTime();

        Eventually.holds(
                () -> System.nanoTime() - begin > CLAIM_IDLE.multipliedBy(3).toNanos());

        assertThat(streams.pending(stream, GROUP, null, CLAIM_IDLE, "0-0", 10)).isEmpty();
        synchronized (finish) {
            finished[0] = true;
            finish.notifyAll();
        }
        awaitPending(0);
    }

    @Test
    void a_group_that_was_wiped_out_is_made_again() throws Exception {
        consume();
        Eventually.holds(() -> redis.exists(stream) == 1);

        redis.del(stream);
        add("after");

        Eventually.passes(() -> assertThat(delivered()).containsExactly("after"));
    }

    @Test
    void an_entry_that_was_deleted_while_it_was_pending_blocks_nothing() throws Exception {
        List<String> ids = add("deleted", "kept");
        redis.xgroupCreate(StreamOffset.from(stream, "0"), GROUP);
        redis.xreadgroup(Consumer.from(GROUP, ME), StreamOffset.lastConsumed(stream));
        redis.xdel(stream, ids.get(0));

        consume();

        Eventually.passes(() -> assertThat(delivered()).contains("kept"));
        awaitPending(0);
    }

    @Test
    void a_consumer_that_stops_leaves_the_group_unless_something_is_pending() throws Exception {
        consume();
        Eventually.holds(() -> redis.exists(stream) == 1);
        add("a");
        Eventually.passes(() -> assertThat(delivered()).containsExactly("a"));
        awaitPending(0);

        camel.stop();

        assertThat(redis.xinfoConsumers(stream, GROUP)).isEmpty();
    }

    @Test
    void reading_goes_on_when_redis_is_back() throws Exception {
        try (RedisProcess own = new RedisProcess(Servers.newDirectory("own-redis"))) {
            disconnect();
            connect(own);
            consume();
            add("before");
            Eventually.passes(() -> assertThat(delivered()).containsExactly("before"));

            awaitPending(0);
            own.kill();
            own.start();
            console.close();
            connect(own);
            add("after");

            Eventually.passes(() -> assertThat(delivered()).containsExactly("before", "after"));
            disconnect();
        }
        connect();
    }

    @Test
    void all_entries_are_added_or_none() {
        // more fields than a script can pass on in one call
        Map<String, byte[]> tooMany = IntStream.range(0, 10_000)
                .boxed()
                .collect(java.util.stream.Collectors.toMap(n -> "f" + n, n -> bytes("v")));
        assertThatThrownBy(() -> streams.add(stream, List.of(tooMany, Map.of("data", bytes("b"))), false))
                .isInstanceOf(UnavailableException.class);
        assertThat(redis.exists(stream)).isZero();

        List<String> ids = streams.add(
                stream,
                IntStream.range(0, 1_000)
                        .mapToObj(n -> Map.of("data", bytes("m" + n)))
                        .toList(),
                false);

        assertThat(ids).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(redis.xlen(stream)).isEqualTo(1_000);
    }

    @Test
    void trimming_keeps_what_any_group_still_needs() {
        List<String> ids = add("a", "b", "c", "d");
        streams.createGroup(stream, GROUP);
        streams.createGroup(stream, "slow");
        redis.xreadgroup(Consumer.from(GROUP, ME), StreamOffset.lastConsumed(stream));
        redis.xack(stream, GROUP, ids.toArray(new String[0]));

        streams.trim(stream);
        assertThat(redis.xlen(stream)).isEqualTo(4);

        redis.xreadgroup(Consumer.from("slow", ME), XReadArgs.Builder.count(3), StreamOffset.lastConsumed(stream));
        redis.xack(stream, "slow", ids.get(0), ids.get(2));
        streams.trim(stream);
        assertThat(redis.xlen(stream)).isEqualTo(3);

        redis.xack(stream, "slow", ids.get(1));
        streams.trim(stream);
        assertThat(redis.xlen(stream)).isEqualTo(1);
    }

    @Test
    void trimming_needs_neither_stream_nor_group() {
        streams.trim(stream);
        add("a");
        streams.trim(stream);

        assertThat(redis.xlen(stream)).isEqualTo(1);
    }

    private void consume() throws Exception {
        consume(exchange -> {});
    }

    private void consume(org.apache.camel.Processor work) throws Exception {
        camel = new DefaultCamelContext();
        camel.getRegistry()
                .bind(
                        "redis-streams",
                        new RedisStreamsComponent(
                                streams,
                                new RedisStreamsComponent.Defaults(ME, 500, Duration.ofMillis(100), CLAIM_IDLE)));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("redis-streams:" + stream + "?group=" + GROUP + "&backoffMultiplier=10")
                        .process(exchange -> receive(exchange.getMessage().getBody(List.class)))
                        .process(work);
            }
        });
        camel.start();
    }

    private void receive(List<Delivery> deliveries) {
        polls.add(deliveries);
        if (deliveries.stream().map(RedisStreamsConsumerIT::text).anyMatch(failing::contains)) {
            throw new IllegalStateException("made by a test");
        }
    }

    private List<String> delivered() {
        return polls.stream()
                .flatMap(List::stream)
                .map(RedisStreamsConsumerIT::text)
                .toList();
    }

    private List<String> succeeded() {
        return polls.stream()
                .filter(poll -> poll.stream().map(RedisStreamsConsumerIT::text).noneMatch(failing::contains))
                .flatMap(List::stream)
                .map(RedisStreamsConsumerIT::text)
                .toList();
    }

    private long pending() {
        return redis.exists(stream) == 0 ? 0 : redis.xpending(stream, GROUP).getCount();
    }

    private void awaitPending(long count) {
        Eventually.passes(() -> assertThat(pending()).isEqualTo(count));
    }

    private List<String> add(String... messages) {
        List<String> ids = new ArrayList<>();
        for (String message : messages) {
            ids.add(redis.xadd(stream, Map.of("data", message)));
        }
        return ids;
    }

    private static String text(Delivery delivery) {
        return new String(delivery.fields().getOrDefault("data", new byte[0]), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
