package logaggregator.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import logaggregator.Durability;
import logaggregator.UnavailableException;
import logaggregator.metrics.Metrics;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.QueueSettings;
import logaggregator.support.Eventually;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.SentinelProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the queue finds out about a real Redis, and what it does about it. */
class RedisQueueIT {

    private static final String STREAM = "logs:stream";

    private final Path directory = Servers.newDirectory("redis-queue");
    private final RedisProcess server = new RedisProcess(directory.resolve("server"));
    private StatefulRedisConnection<String, String> console;
    private RedisCommands<String, String> redis;
    private RedisConnections connections;

    @BeforeEach
    void connect() {
        console = RedisConsole.connect(server);
        redis = console.sync();
        connections =
                new RedisConnections(RedisConnections.client(RedisURI.create(server.url()), Duration.ofSeconds(1)));
    }

    @AfterEach
    void disconnect() {
        connections.close();
        console.close();
        server.close();
    }

    @Test
    void a_server_that_was_started_again_with_other_settings_is_known_at_once() {
        RedisQueue queue = queue(0, false);
        assertThat(queue.durability()).isEqualTo(Durability.FSYNC);
        assertThat(queue.risks()).isEmpty();

        server.kill();
        server.start("--appendonly", "no");
        add("a", 0);

        assertThat(queue.durability()).isEqualTo(Durability.MEMORY);
        assertThat(queue.risks()).singleElement().asString().contains("appendonly");

        server.kill();
        server.start();
        add("b", 0);

        assertThat(queue.durability()).isEqualTo(Durability.FSYNC);
        assertThat(queue.risks()).isEmpty();
    }

    @Test
    void a_server_that_is_not_durable_is_not_used_by_whoever_requires_it() {
        RedisQueue queue = queue(0, true);
        assertThatCode(queue::requireSafe).doesNotThrowAnyException();

        server.kill();
        server.start("--appendfsync", "everysec");

        Eventually.passes(() -> {
            assertThatThrownBy(queue::requireSafe).hasMessageContaining("not durable");
            assertThat(queue.risks()).singleElement().asString().contains("INGEST_REQUIRE_DURABLE");
        });
    }

    @Test
    void where_config_is_forbidden_info_answers() {
        redis.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.CONFIG));

        assertThat(queue(0, false).durability()).isEqualTo(Durability.UNKNOWN);
        assertThat(queue(0, false).risks()).isEmpty();
    }

    @Test
    void a_full_server_is_down_though_it_answers_ping() {
        RedisQueue queue = queue(0, false);
        assertThatCode(queue::ping).doesNotThrowAnyException();

        redis.configSet("maxmemory", "1");

        assertThat(redis.ping()).isEqualTo("PONG");
        assertThatThrownBy(queue::ping).hasMessageContaining("OOM");
        assertThat(queue.load().fullness()).isGreaterThan(1);
    }

    @Test
    void a_replica_is_down_though_it_answers_ping() {
        redis.replicaof("127.0.0.1", 1);

        assertThat(redis.ping()).isEqualTo("PONG");
        assertThatThrownBy(queue(0, false)::ping)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("READONLY");
    }

    @Test
    void tells_how_long_the_oldest_entry_that_is_not_stored_has_waited() {
        RedisQueue queue = queue(0, false);
        assertThat(queue.delay()).isZero();
        long now = Long.parseLong(redis.time().get(0)) * 1_000;
        for (int secondsAgo : new int[] {900, 600, 300}) {
            redis.xadd(STREAM, new XAddArgs().id(now - secondsAgo * 1_000 + "-0"), Map.of("data", "{}"));
        }
        assertThat(queue.delay()).isBetween(Duration.ofSeconds(899), Duration.ofSeconds(930));

        redis.xgroupCreate(XReadArgs.StreamOffset.from(STREAM, "0"), "g");
        redis.xgroupCreate(XReadArgs.StreamOffset.from(STREAM, "0"), "other");
        var first = redis.xreadgroup(
                Consumer.from("g", "c"), XReadArgs.Builder.count(1), XReadArgs.StreamOffset.lastConsumed(STREAM));
        assertThat(queue.delay()).isGreaterThan(Duration.ofSeconds(898));
        redis.xack(STREAM, "g", first.get(0).getId());
        assertThat(queue.delay()).isBetween(Duration.ofSeconds(599), Duration.ofSeconds(630));
        redis.xgroupSetid(XReadArgs.StreamOffset.from(STREAM, "$"), "g");
        assertThat(queue.delay()).isZero();
    }

    @Test
    void tells_what_was_accepted_and_settled_and_how_full_it_is() {
        RedisQueue queue = queue(0, false);
        assertThat(queue.load()).isEqualTo(new QueueLoad(0, 0, 0, 0));

        redis.configSet("maxmemory", "1gb");
        redis.xadd(STREAM, Map.of("data", "{}"));
        redis.hset(STREAM + ":ledger", Map.of("accepted", "700", "settled", "200"));

        QueueLoad load = queue.load();
        assertThat(load).usingRecursiveComparison().ignoringFields("fullness").isEqualTo(new QueueLoad(1, 700, 200, 0));
        assertThat(load.fullness()).isBetween(0.0001, 0.1);
    }

    @Test
    void what_is_written_is_accepted_once_the_replicas_have_it() {
        RedisQueue queue = queue(1, false);
        assertThatThrownBy(() -> add("alone", 1)).hasMessageContaining("0 of 1 replicas");
        assertThatThrownBy(queue::ping).hasMessageContaining("0 of 1 replicas");

        try (RedisProcess replica = new RedisProcess(directory.resolve("replica"))) {
            replicate(replica);
            Eventually.passes(() -> assertThatCode(queue::ping).doesNotThrowAnyException());
            add("on both", 1);

            replica.signal("STOP");
            assertThatThrownBy(() -> add("frozen", 1)).hasMessageContaining("0 of 1 replicas");

            replica.signal("CONT");
            Eventually.passes(() -> assertThatCode(() -> add("thawed", 1)).doesNotThrowAnyException());
            server.kill();
            assertThat(entries(replica)).contains("on both", "thawed");
        }
    }

    @Test
    void sentinel_leads_to_the_replica_when_the_master_is_dead() {
        try (RedisProcess replica = new RedisProcess(directory.resolve("replica"));
                SentinelProcess sentinel = new SentinelProcess(directory, server)) {
            replicate(replica);
            Eventually.holds(sentinel::knowsTheReplica);
            RedisURI uri = RedisConfiguration.parse(sentinel.url());
            assertThat(RedisConfiguration.location(uri)).startsWith("master/0 by Sentinel 127.0.0.1:");
            connections.close();
            connections = new RedisConnections(RedisConnections.client(uri, Duration.ofSeconds(1)));
            RedisStreams streams =
                    new RedisStreams(calls(0), new LedgerMemory(), new Metrics(new SimpleMeterRegistry()));
            RedisQueue queue = queue(0, false);
            streams.add(STREAM, List.of(entry("before")), false);
            assertThat(queue.durability()).isEqualTo(Durability.FSYNC);
            Eventually.holds(() -> entries(replica).contains("before"));

            server.kill();

            Eventually.passes(() -> assertThatCode(() -> streams.add(STREAM, List.of(entry("after")), false))
                    .doesNotThrowAnyException());
            assertThat(entries(replica)).contains("before", "after");
        }
    }

    private void replicate(RedisProcess replica) {
        RedisURI master = RedisURI.create(server.url());
        RedisConsole.ask(replica, redis -> redis.replicaof(master.getHost(), master.getPort()));
    }

    private static List<String> entries(RedisProcess server) {
        return RedisConsole.ask(server, redis -> redis.xrange(STREAM, Range.unbounded())).stream()
                .map(message -> message.getBody().get("data"))
                .toList();
    }

    private void add(String data, int replicas) {
        new RedisStreams(calls(replicas), new LedgerMemory(), new Metrics(new SimpleMeterRegistry()))
                .add(STREAM, List.of(entry(data)), false);
    }

    private static Map<String, byte[]> entry(String data) {
        return Map.of("data", data.getBytes(StandardCharsets.UTF_8));
    }

    private RedisQueue queue(int replicas, boolean requireDurable) {
        RedisCalls calls = calls(replicas);
        return new RedisQueue(
                new RedisStreams(calls, new LedgerMemory(), new Metrics(new SimpleMeterRegistry())),
                new QueueLedger(
                        calls,
                        new LedgerMemory(),
                        new QueueSettings(STREAM, "g", "dlq", "", 1, 500, 2_000, 60_000, 10)),
                new RedisServer(calls),
                STREAM,
                "g",
                requireDurable,
                "");
    }

    private RedisCalls calls(int replicas) {
        return new RedisCalls(connections, replicas, Duration.ofMillis(300));
    }
}
