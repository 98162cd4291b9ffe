package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import logaggregator.support.Api.Answer;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was accepted is stored once, whoever is killed: the jar, Redis and PostgreSQL as processes of their own. */
class FaultsIT {

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static AppProcess service;
    private static Database database;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("faults");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        database = new Database(postgres);
        service = new AppProcess(directory, Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url()));
    }

    @AfterAll
    static void stop() {
        service.close();
        redis.close();
        postgres.close();
    }

    /** What the test before has taken away is in use again. */
    @BeforeEach
    void everything_is_well() {
        Eventually.holds(() -> service.api()
                .ingest(Records.ndjson("between", 0, 1))
                .body()
                .path("backend")
                .asText()
                .equals("redis"));
    }

    @Test
    void the_process_is_killed_while_it_stores() {
        postgres.crash();
        for (int from = 0; from < 200_000; from += 500) {
            assertThat(service.api()
                            .ingest(Records.ndjson("kill", from, from + 500))
                            .status())
                    .isEqualTo(200);
        }
        postgres.start();
        Eventually.holds(() -> database.logs("kill") > 0);

        service.kill();
        assertThat(database.logs("kill")).isLessThan(200_000);
        service.start();

        assertStoredOnce("kill", 200_000);
    }

    @Test
    void the_process_is_killed_while_it_accepts_from_a_sender_that_tries_again() {
        try (Sender sender = new Sender(service.api(), "kill-accept", true)) {
            Eventually.holds(() -> sender.records() > 5_000);
            service.kill();
            service.start();
            int before = sender.records();
            Eventually.holds(() -> sender.records() > before + 5_000);
            sender.close();

            assertStoredOnce("kill-accept", sender.records());
        }
    }

    @Test
    void the_process_is_asked_to_end_under_load() {
        try (Sender sender = new Sender(service.api(), "term", true)) {
            Eventually.holds(() -> sender.records() > 5_000);

            int status = service.terminate();
            long pending = redis(
                    commands -> commands.xpending("logs:stream", "ingest-group").getCount());
            service.start();
            sender.close();

            assertThat(status).isEqualTo(143);
            assertThat(pending).isZero();
            assertStoredOnce("term", sender.records());
        }
    }

    @Test
    void redis_is_killed_and_comes_back() {
        try (Sender sender = new Sender(service.api(), "redis", false)) {
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            redis.kill();
            Eventually.holds(() -> sender.lastBackend().equals("db"));
            redis.start();
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce("redis", sender.records());
        }
    }

    @Test
    void redis_freezes_and_thaws() {
        try (Sender sender = new Sender(service.api(), "frozen", false)) {
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            redis.signal("STOP");
            Eventually.holds(() -> sender.lastBackend().equals("db"));
            redis.signal("CONT");
            Eventually.holds(() -> sender.lastBackend().equals("redis"));
            sender.close();

            assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
            assertStoredOnce("frozen", sender.records());
        }
    }

    @Test
    void the_database_crashes_and_comes_back() {
        try (Sender sender = new Sender(service.api(), "database", false)) {
            Eventually.holds(() -> sender.records() > 1_000);
            postgres.crash();
            Eventually.holds(() -> health().at("/down_since/database").isTextual());
            int before = sender.records();
            Eventually.holds(() -> sender.records() > before + 10_000);
            postgres.start();
            sender.close();

            assertThat(sender.answers())
                    .allMatch(answer -> answer.body().path("backend").asText().equals("redis"));
            assertStoredOnce("database", sender.records());
            Eventually.holds(() -> health().path("status").asText().equals("ok"));
        }
    }

    @Test
    void neither_redis_nor_the_database_is_there() {
        redis.kill();
        postgres.crash();

        Answer answer = service.api().ingest(Records.ndjson("neither", 0, 10));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body().get("code").asText()).isEqualTo("unavailable");
        assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
        Eventually.holds(() -> service.api().get("/health").status() == 503);
        postgres.start();
        redis.start();
        Eventually.holds(() -> health().path("status").asText().equals("ok"));
        assertThat(database.logs("neither")).isZero();
    }

    private static com.fasterxml.jackson.databind.JsonNode health() {
        return service.api().get("/health").body();
    }

    private static void assertStoredOnce(String app, int records) {
        database.awaitAll(app, records);
        Eventually.passes(() -> assertThat(FaultsIT.<Long>redis(commands ->
                        commands.xpending("logs:stream", "ingest-group").getCount()))
                .isZero());
        assertThat(database.logs(app)).isEqualTo(records);
        assertThat(FaultsIT.<Long>redis(commands -> commands.xlen("logs:dlq"))).isZero();
    }

    private static <T> T redis(Function<RedisCommands<String, String>, T> question) {
        return RedisConsole.ask(redis, question);
    }
}
