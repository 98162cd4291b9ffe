package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Sender;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Redis comes back with an empty disk under load. What was accepted into the queue and not stored is gone with it, and
 * nothing else: the ledger shows exactly that as its difference.
 */
class EmptyRedisIT {

    private static final int WAITING = 5_000;

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static AppProcess door;
    private static AppProcess worker;
    private static Database database;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("empty-redis");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        database = new Database(postgres);
        door = launched("api");
        worker = launched("worker");
        Eventually.holds(() -> door.isReady() && worker.isReady());
    }

    private static AppProcess launched(String role) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "APP_ROLES",
                role,
                "DATABASE_URL",
                postgres.url(),
                "REDIS_URL",
                redis.url(),
                "INGEST_CONSUMER",
                role,
                "INGEST_BLOCK_MS",
                "200"));
        return AppProcess.launched(Servers.newDirectory("empty-redis-" + role), settings);
    }

    @AfterAll
    static void stop() {
        worker.kill();
        door.kill();
        redis.close();
        postgres.close();
    }

    @Test
    void what_waited_is_lost_and_shown_and_nothing_else_is_lost_or_doubled() {
        ingest("stored-before", WAITING);
        Eventually.holds(() -> database.logs("stored-before") == WAITING && queueLength() == 0);
        worker.kill();
        ingest("waiting", WAITING);
        // the ledger of Redis is noted every five seconds
        Eventually.holds(
                () -> database.number("SELECT coalesce(sum(accepted), 0) FROM ledger_queues WHERE app = 'waiting'")
                        == WAITING);

        redis.kill();
        redis.forgetEverything();
        try (Sender sender = new Sender(door.api(), "meanwhile", true)) {
            Eventually.holds(() -> sender.records() > 2_000);
            redis.start();
            worker.launch();
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            int sent = sender.records();
            Eventually.holds(() -> sender.records() > sent + 3_000);
            sender.close();

            Eventually.holds(() -> database.logs("meanwhile") >= sender.records() && queueLength() == 0);
            assertThat(database.logs("meanwhile")).isEqualTo(sender.records());
            assertThat(database.differentMessages("meanwhile")).isEqualTo(sender.records());
        }

        assertThat(database.logs("waiting")).isZero();
        assertThat(database.logs("stored-before")).isEqualTo(WAITING);
        Eventually.passes(() -> assertThat(difference("waiting")).isEqualTo(WAITING));
        assertThat(difference("stored-before")).isZero();
        assertThat(difference("meanwhile")).isZero();
        assertThat(door.api().get("/api/v1/ledger").body().path("difference").asLong())
                .isEqualTo(WAITING);
    }

    private static void ingest(String app, int records) {
        for (int from = 0; from < records; from += 500) {
            assertThat(door.api().ingest(Records.ndjson(app, from, from + 500)).status())
                    .isEqualTo(200);
        }
    }

    private static long queueLength() {
        return RedisConsole.<Long>ask(redis, console -> console.xlen("logs:stream"));
    }

    private static long difference(String app) {
        for (JsonNode line : door.api().get("/api/v1/ledger").body().path("apps")) {
            if (line.path("app").asText().equals(app)) {
                return line.path("difference").asLong();
            }
        }
        return Long.MIN_VALUE;
    }
}
