package logaggregator.chaos;

import static logaggregator.support.Breakpoint.Where.BEFORE;
import static logaggregator.support.Breakpoint.Where.REPLY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Breakpoint;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import logaggregator.support.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What was accepted is stored once, whatever happens between any two steps. A proxy holds the process where the step that
 * comes next goes by, so that no test depends on luck.
 */
class CrashPointsIT {

    private static final int RECORDS = 20;
    private static final String STREAM = "crash-points";
    private static final String DLQ = STREAM + ":dlq";
    private static final String GROUP = "ingest-group";

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static Database database;
    private static TcpProxy toPostgres;
    private static TcpProxy toRedis;
    private static AppProcess service;

    /** The application of the records of this test, its key, and a text that its requests hold. */
    private String app;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("crash-points");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        database = new Database(postgres);
        database.execute("CREATE ROLE victim LOGIN SUPERUSER");
        toPostgres = new TcpProxy(postgres.port());
        toRedis = new TcpProxy(redis.port());
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_URL",
                "postgresql://victim@127.0.0.1:" + toPostgres.port() + "/postgres?prepareThreshold=0&socketTimeout=3",
                "REDIS_URL",
                "redis://127.0.0.1:" + toRedis.port() + "/0"));
        settings.putAll(Map.of(
                "INGEST_STREAM", STREAM,
                "INGEST_DLQ", DLQ,
                "INGEST_CONSUMER", "victim",
                // a second one would take up what the first one is kept from
                "INGEST_CONCURRENT_CONSUMERS", "1",
                "INGEST_BLOCK_MS", "200",
                "INGEST_CLAIM_IDLE_MS", "5000"));
        service = new AppProcess(directory, settings);
    }

    @AfterAll
    static void stop() {
        service.close();
        toRedis.close();
        toPostgres.close();
        redis.close();
        postgres.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        app = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void heal() {
        toRedis.heal();
        toPostgres.heal();
        if (!service.isAlive()) {
            service.start();
        }
        // the queue's circuit breaker may be open for a while
        Eventually.holds(() -> service.api()
                .ingest(Records.json("healed", 0))
                .body()
                .path("backend")
                .asText()
                .equals("redis"));
        Eventually.holds(() -> allDelivered() && pending() == 0);
    }

    @Test
    void worker_killed_between_copy_and_commit() {
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        assertThat(send().join()).isEqualTo(200);
        commit.await();

        killAt(commit);

        assertThat(database.logs(app)).isZero();
        service.start();
        assertStoredOnce();
    }

    @Test
    void worker_killed_between_commit_and_acknowledgement() {
        Breakpoint acknowledgement = toRedis.breakAt(BEFORE, RedisSteps.acknowledgement(GROUP));
        assertThat(send().join()).isEqualTo(200);
        acknowledgement.await();
        assertThat(database.logs(app)).isEqualTo(RECORDS);

        killAt(acknowledgement);

        assertThat(pending()).isOne();
        service.start();
        assertStoredOnce();
    }

    @Test
    void worker_killed_before_the_commit_of_a_dead_letter() {
        Breakpoint commit = toPostgres.breakAt(BEFORE, "dead_letters", "COMMIT");
        addWithBrokenRecord();
        commit.await();

        killAt(commit);

        assertThat(database.logs(app)).isZero();
        assertThat(database.number("SELECT count(*) FROM dead_letters")).isZero();
        service.start();
        assertStoredOnceAndOneDeadLetter();
    }

    @Test
    void worker_killed_between_putting_a_dead_letter_on_the_queue_and_removing_it_from_the_database() {
        Breakpoint removal = toPostgres.breakAt(BEFORE, "DELETE FROM dead_letters");
        addWithBrokenRecord();
        removal.await();
        assertThat(deadLetters()).isOne();

        killAt(removal);

        assertThat(database.number("SELECT count(*) FROM dead_letters")).isOne();
        service.start();
        assertStoredOnceAndOneDeadLetter();
    }

    @Test
    void worker_killed_between_dead_letter_and_acknowledgement() {
        Breakpoint acknowledgement = toRedis.breakAt(BEFORE, RedisSteps.acknowledgement(GROUP));
        addWithBrokenRecord();
        acknowledgement.await();

        killAt(acknowledgement);

        service.start();
        assertStoredOnceAndOneDeadLetter();
    }

    @Test
    void api_killed_before_it_adds_the_entry() {
        Breakpoint add = toRedis.breakAt(BEFORE, RedisSteps.ADD, app);
        CompletableFuture<Integer> answer = send();
        add.await();

        killAt(add);

        assertThat(answer.join()).isZero();
        assertStoredOnceWhenSentAgain();
    }

    @Test
    void api_killed_before_it_hears_that_the_entry_was_added() {
        Breakpoint add = toRedis.breakAt(REPLY, RedisSteps.ADD, app);
        CompletableFuture<Integer> answer = send();
        add.await();

        killAt(add);

        assertThat(answer.join()).isZero();
        assertStoredOnceWhenSentAgain();
    }

    @Test
    void api_killed_before_the_commit_of_what_redis_could_not_take() {
        isolateFromRedis();
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        CompletableFuture<Integer> answer = send();
        commit.await();

        killAt(commit);

        assertThat(answer.join()).isZero();
        toRedis.heal();
        assertStoredOnceWhenSentAgain();
    }

    @Test
    void api_killed_after_the_commit_of_what_redis_could_not_take() {
        isolateFromRedis();
        Breakpoint commit = toPostgres.breakAt(REPLY, app, "COMMIT");
        CompletableFuture<Integer> answer = send();
        commit.await();
        Eventually.holds(() -> database.logs(app) == RECORDS);

        killAt(commit);

        assertThat(answer.join()).isZero();
        toRedis.heal();
        assertStoredOnceWhenSentAgain();
    }

    @Test
    void redis_adds_an_entry_and_its_answer_is_lost() {
        Breakpoint add = toRedis.breakAt(REPLY, RedisSteps.ADD, app);
        CompletableFuture<Integer> answer = send();
        add.await();

        add.cut();

        assertThat(answer.join()).isEqualTo(200);
        assertStoredOnce();
    }

    @Test
    void redis_hands_out_an_entry_and_its_answer_is_lost() {
        Breakpoint read = toRedis.breakAt(BEFORE, "XREADGROUP");
        read.await();
        assertThat(send().join()).isEqualTo(200);
        Breakpoint entries = read.releaseUntilReply();
        entries.await();
        assertThat(pending()).isOne();

        entries.cut();

        assertStoredOnce();
    }

    @Test
    void redis_acknowledges_and_its_answer_is_lost() {
        Breakpoint acknowledgement = toRedis.breakAt(REPLY, RedisSteps.acknowledgement(GROUP));
        assertThat(send().join()).isEqualTo(200);
        acknowledgement.await();

        acknowledgement.cut();

        assertStoredOnce();
    }

    @Test
    void redis_adds_a_dead_letter_and_its_answer_is_lost() {
        Breakpoint letter = toRedis.breakAt(REPLY, DLQ, "broken-" + app);
        addWithBrokenRecord();
        letter.await();

        letter.cut();

        assertStoredOnceAndOneDeadLetter();
    }

    @Test
    void workers_commit_breaks_and_was_not_made() {
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        assertThat(send().join()).isEqualTo(200);
        commit.await();

        commit.cut();

        assertStoredOnce();
    }

    @Test
    void workers_commit_breaks_and_was_made() {
        Breakpoint commit = toPostgres.breakAt(REPLY, app, "COMMIT");
        assertThat(send().join()).isEqualTo(200);
        commit.await();
        Eventually.holds(() -> database.logs(app) == RECORDS);

        commit.cut();

        assertStoredOnce();
    }

    @Test
    void commit_of_what_redis_could_not_take_breaks_and_was_not_made() {
        isolateFromRedis();
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        CompletableFuture<Integer> answer = send();
        commit.await();

        commit.cut();

        assertThat(answer.join()).isEqualTo(503);
        toRedis.heal();
        assertStoredOnceWhenSentAgain();
    }

    @Test
    void commit_of_what_redis_could_not_take_breaks_and_was_made() {
        isolateFromRedis();
        Breakpoint commit = toPostgres.breakAt(REPLY, app, "COMMIT");
        CompletableFuture<Integer> answer = send();
        commit.await();

        commit.cut();

        assertThat(answer.join()).isIn(200, 503);
        toRedis.heal();
        assertStoredOnceWhenSentAgain();
    }

    @Test
    void database_freezes_before_the_commit_for_longer_than_it_is_waited_for() {
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        assertThat(send().join()).isEqualTo(200);
        commit.await();

        postgres.signal("STOP");
        commit.release();
        Eventually.holds(() -> health().at("/down_since/store").isTextual());
        postgres.signal("CONT");

        assertStoredOnce();
    }

    @Test
    void worker_hangs_before_the_acknowledgement_and_wakes_up_when_another_has_taken_over() {
        Breakpoint acknowledgement = toRedis.breakAt(BEFORE, RedisSteps.acknowledgement(GROUP));
        assertThat(send().join()).isEqualTo(200);
        acknowledgement.await();
        service.signal("STOP");
        assertThat(database.logs(app)).isEqualTo(RECORDS);
        assertThat(pending()).isOne();

        try (InProcessApp other = otherWorker()) {
            assertThat(other).isNotNull();
            Eventually.holds(() -> pending() == 0);
        }
        acknowledgement.release();
        service.signal("CONT");

        assertStoredOnce();
    }

    @Test
    void two_workers_have_the_same_entry_at_the_same_moment() {
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        assertThat(send().join()).isEqualTo(200);
        commit.await();

        try (InProcessApp other = otherWorker()) {
            assertThat(other).isNotNull();
            Eventually.holds(() -> {
                makeOthersTakeItOver();
                return database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                + " AND usename = 'postgres' AND query LIKE 'INSERT INTO receipts%'")
                        == 1;
            });
            commit.release();

            assertStoredOnce();
        }
    }

    private static InProcessApp otherWorker() {
        return new InProcessApp(
                postgres,
                redis,
                STREAM,
                "app.roles=worker",
                "ingest.consumer=other",
                "ingest.block-ms=100",
                "ingest.claim-idle-ms=1000");
    }

    /** As if nobody had reported the entry for an hour. */
    private static void makeOthersTakeItOver() {
        redis(commands -> commands.xpending(STREAM, GROUP, Range.unbounded(), Limit.from(1)).stream()
                .map(entry -> commands.xclaim(
                        STREAM,
                        Consumer.from(GROUP, "victim"),
                        new XClaimArgs()
                                .minIdleTime(0)
                                .idle(Duration.ofHours(1))
                                .justid(),
                        entry.getId()))
                .count());
    }

    private static void isolateFromRedis() {
        toRedis.refuse(true);
        toRedis.cut();
    }

    private static void killAt(Breakpoint breakpoint) {
        service.kill();
        breakpoint.cut();
    }

    /** @return the status of the answer; 0 for none */
    private CompletableFuture<Integer> send() {
        Api api = service.api();
        String body = Records.ndjson(app, 0, RECORDS);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return api.ingest(body, "Idempotency-Key", app).status();
            } catch (UncheckedIOException e) {
                return 0;
            }
        });
    }

    private void addWithBrokenRecord() {
        redis(commands -> commands.del(DLQ));
        redis(commands -> commands.xadd(
                STREAM, "data", Records.ndjson(app, 0, RECORDS) + "\n{\"message\":\"broken-" + app + "\""));
    }

    private static long deadLetters() {
        return redis(commands -> commands.xlen(DLQ));
    }

    private static long pending() {
        return redis(commands -> commands.xpending(STREAM, GROUP)).getCount();
    }

    private static JsonNode health() {
        return service.api().get("/health").body();
    }

    private void assertStoredOnceWhenSentAgain() {
        if (!service.isAlive()) {
            service.start();
        }
        assertThat(send().join()).isEqualTo(200);
        assertStoredOnce();
    }

    private void assertStoredOnce() {
        Eventually.holds(() -> database.logs(app) >= RECORDS && allDelivered() && pending() == 0);
        assertThat(database.differentMessages(app)).isEqualTo(RECORDS);
        assertThat(database.logs(app)).isEqualTo(RECORDS);
    }

    private void assertStoredOnceAndOneDeadLetter() {
        assertStoredOnce();
        Eventually.passes(() ->
                assertThat(database.number("SELECT count(*) FROM dead_letters")).isZero());
        assertThat(deadLetters()).isOne();
    }

    private static boolean allDelivered() {
        Object added = redis(commands -> valueOf("last-generated-id", commands.xinfoStream(STREAM)));
        return redis(commands -> commands.xinfoGroups(STREAM)).stream()
                .allMatch(group -> valueOf("last-delivered-id", (List<?>) group).equals(added));
    }

    private static Object valueOf(String name, List<?> namesAndValues) {
        return namesAndValues.get(namesAndValues.indexOf(name) + 1);
    }

    private static <T> T redis(Function<RedisCommands<String, String>, T> question) {
        return RedisConsole.ask(redis, question);
    }
}
