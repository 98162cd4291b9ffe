package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FakeClock;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Sender;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The clock of a process is set back or ahead: it goes on, and removes nothing that the others need. */
class ClockJumpsIT {

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static AppProcess service;
    private static Database database;
    private static FakeClock clock;

    @BeforeAll
    static void start() {
        assumeTrue(FakeClock.isPossible(), "Debian's package faketime isn't installed");
        Path directory = Servers.newDirectory("clock-jumps");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        database = new Database(postgres);
        clock = new FakeClock(directory);
        Map<String, String> settings = new HashMap<>(clock.settings());
        settings.putAll(Map.of(
                "DATABASE_URL",
                postgres.url(),
                "REDIS_URL",
                redis.url(),
                "RETENTION_DAYS",
                "30",
                "INGEST_BLOCK_MS",
                "200"));
        service = new AppProcess(directory, settings);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
            redis.close();
            postgres.close();
        }
    }

    @AfterEach
    void setRight() {
        clock.setRight();
    }

    @Test
    void set_back_while_redis_is_away_it_finds_redis_again() {
        try (Sender sender = new Sender(service.api(), "back", false)) {
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            redis.kill();
            Eventually.holds(() -> sender.lastBackend().equals("db"));
            Eventually.holds(() -> health().at("/down_since/redis").isTextual());

            clock.setWrong(Duration.ofDays(-2));
            redis.start();

            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            Eventually.holds(() -> health().path("status").asText().equals("ok"));
            sender.close();
            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce("back", sender.records());
        }
    }

    @Test
    void what_is_accepted_is_stored_once_while_it_jumps() {
        try (Sender sender = new Sender(service.api(), "jumps", true)) {
            for (Duration error : new Duration[] {
                Duration.ofHours(1), Duration.ofDays(-400), Duration.ofDays(40), Duration.ofHours(-1), Duration.ZERO
            }) {
                int before = sender.records();
                Eventually.holds(() -> sender.records() > before + 3_000);
                clock.setWrong(error);
            }
            sender.close();

            assertStoredOnce("jumps", sender.records());
        }
    }

    @Test
    void set_ahead_it_removes_no_logs_that_are_to_be_kept() {
        service.api().ingest(Records.ndjson("kept", 0, 100));
        assertStoredOnce("kept", 100);
        clock.setWrong(Duration.ofDays(400));

        service.terminate();
        service.start();
        service.api().ingest(Records.ndjson("after", 0, 100));

        assertStoredOnce("after", 100);
        // it looks for expired logs as soon as it has started, beside the other work
        Eventually.holds(() -> health().path("status").asText().equals("ok"));
        Pause.millis(2_000);
        assertThat(database.logs("kept")).isEqualTo(100);
    }

    private static JsonNode health() {
        return service.api().get("/health").body();
    }

    private static void assertStoredOnce(String app, int records) {
        database.awaitAll(app, records);
        Eventually.holds(() -> RedisConsole.<Long>ask(redis, console -> console.xpending("logs:stream", "ingest-group")
                        .getCount())
                == 0);
        assertThat(database.logs(app)).isEqualTo(records);
    }
}
