package logaggregator;

import static logaggregator.support.RedisConsole.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.RedisProcess;
import logaggregator.support.Sender;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis loses its data, refuses or answers late while the service runs: it recovers alone, and new logs are stored once. */
class RedisFaultsIT {

    private static final String STREAM = "faults:stream";
    private static final String GROUP = "ingest-group";

    private static RedisProcess redis;
    private static InProcessApp service;
    private static Database database;

    @BeforeAll
    static void start() {
        redis = new RedisProcess(Servers.newDirectory("redis-faults"));
        service = new InProcessApp(Servers.postgres(), redis, STREAM);
        database = new Database(Servers.postgres());
    }

    @AfterAll
    static void stop() {
        service.close();
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUSHALL", "DEL", "empty directory"})
    void the_stream_vanishes(String how) {
        String app = "vanished " + how;
        send(app, 0, 500);
        assertStoredOnce(app, 500);

        switch (how) {
            case "FLUSHALL" -> ask(redis, console -> console.flushall());
            case "DEL" -> ask(redis, console -> console.del(STREAM));
            default -> {
                redis.kill();
                redis.forgetEverything();
                redis.start();
            }
        }
        try (Sender sender = new Sender(service.api(), app + " afterwards", false)) {
            Eventually.holds(
                    () -> sender.records() > 2_000 && sender.lastBackend().equals("redis"));
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce(app + " afterwards", sender.records());
        }
        assertThat(database.logs(app)).isEqualTo(500);
    }

    @Test
    void the_group_vanishes_under_load() {
        try (Sender sender = new Sender(service.api(), "group", false)) {
            Eventually.holds(() -> sender.records() > 2_000);
            ask(redis, console -> console.xgroupDestroy(STREAM, GROUP));
            int before = sender.records();
            Eventually.holds(() -> sender.records() > before + 2_000);
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce("group", sender.records());
        }
    }

    @Test
    void redis_becomes_read_only_and_a_master_again() {
        refuseFor(
                "read-only",
                () -> ask(redis, console -> console.replicaof("127.0.0.1", 1)),
                () -> ask(redis, console -> console.replicaofNoOne()));
    }

    @Test
    void redis_is_full_and_has_room_again() {
        refuseFor(
                "full",
                () -> ask(redis, console -> console.configSet("maxmemory", "1")),
                () -> ask(redis, console -> console.configSet("maxmemory", "0")));
    }

    private static void refuseFor(String app, Runnable begin, Runnable end) {
        try (Sender sender = new Sender(service.api(), app, false)) {
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            begin.run();
            Eventually.holds(() -> sender.lastBackend().equals("db"));
            Eventually.holds(() -> health().at("/down_since/redis").isTextual());
            end.run();
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce(app, sender.records());
            assertHealthy();
        }
    }

    @Test
    void redis_answers_late() {
        try (Sender sender = new Sender(service.api(), "late", false)) {
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            ask(redis, console -> console.clientPause(2_500));
            Eventually.holds(() -> sender.lastBackend().equals("db"));
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce("late", sender.records());
        }
    }

    @Test
    void redis_loads_its_data_for_seconds() {
        // it answers anything at all once for two megabytes that it has loaded
        ask(redis, console -> console.configSet("rdbcompression", "no"));
        IntStream.range(0, 80).forEach(n -> ask(redis, console -> console.set("filler:" + n, "x".repeat(100_000))));
        ask(redis, console -> console.bgrewriteaof());
        Eventually.holds(
                () -> ask(redis, console -> console.info("persistence")).contains("aof_rewrite_in_progress:0"));
        try (Sender sender = new Sender(service.api(), "loading", false)) {
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            redis.kill();
            CompletableFuture<Void> loading =
                    CompletableFuture.runAsync(() -> redis.start("--key-load-delay", "40000"));
            Eventually.holds(() -> sender.lastBackend().equals("db"));
            loading.join();
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce("loading", sender.records());
        }
    }

    @Test
    void settings_that_may_lose_the_queue_are_a_state_of_health_until_they_are_mended() {
        redis.kill();
        redis.start("--maxmemory-policy", "allkeys-lru");

        Eventually.holds(() -> health().at("/down_since/redis-settings").isTextual());
        assertThat(health().get("status").asText()).isEqualTo("degraded");
        Eventually.holds(() -> durabilityOf("evicted").equals("memory"));

        redis.kill();
        redis.start();

        assertHealthy();
        Eventually.holds(() -> durabilityOf("kept").equals("fsync"));
    }

    private static String durabilityOf(String app) {
        return service.api()
                .ingest(Records.json(app, 1))
                .response()
                .headers()
                .firstValue("Log-Durability")
                .orElse("");
    }

    private static void send(String app, int from, int to) {
        assertThat(service.api().ingest(Records.ndjson(app, from, to)).status()).isEqualTo(200);
    }

    private static JsonNode health() {
        return service.api().get("/health").body();
    }

    private static void assertHealthy() {
        Eventually.holds(() -> health().get("status").asText().equals("ok"));
    }

    private static void assertStoredOnce(String app, int records) {
        database.awaitAll(app, records);
        Eventually.passes(() -> assertThat(pending()).isZero());
        assertThat(database.logs(app)).isEqualTo(records);
        long deadLetters = ask(redis, console -> console.xlen(STREAM + ":dlq"));
        assertThat(deadLetters).isZero();
    }

    private static long pending() {
        return ask(
                redis,
                console -> console.exists(STREAM) == 0
                        ? 0L
                        : console.xpending(STREAM, GROUP).getCount());
    }
}
