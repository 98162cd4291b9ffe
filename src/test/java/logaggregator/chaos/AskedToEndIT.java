package logaggregator.chaos;

import static logaggregator.support.Breakpoint.Where.BEFORE;
import static logaggregator.support.Breakpoint.Where.REPLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import logaggregator.support.Api;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A service that is asked to end between any two steps finishes what it has begun, in time, and leaves nothing behind. */
class AskedToEndIT {

    private static final int RECORDS = 20;
    private static final String GROUP = "ingest-group";
    private static final Duration TIME_TO_END = Duration.ofSeconds(25);

    private final PostgresProcess postgres = Servers.postgres();
    private final RedisProcess redis = Servers.redis();
    private final Database database = new Database(postgres);
    private final TcpProxy toPostgres = new TcpProxy(postgres.port());
    private final TcpProxy toRedis = new TcpProxy(redis.port());
    private final StatefulRedisConnection<String, String> queue = RedisConsole.connect(redis);

    /** The application of the records of this test, and the name of its queue. */
    private String app;

    private InProcessApp service;

    @BeforeEach
    void start(TestInfo test) {
        app = test.getTestMethod().orElseThrow().getName();
        service = new InProcessApp(
                "postgresql://postgres@127.0.0.1:" + toPostgres.port() + "/postgres?prepareThreshold=0",
                "redis://127.0.0.1:" + toRedis.port() + "/0",
                app,
                "redis.timeout-ms=10000",
                "ingest.block-ms=200",
                "ingest.consumer=" + app);
    }

    @AfterEach
    void stop() {
        toPostgres.heal();
        toRedis.heal();
        service.close();
        toPostgres.close();
        toRedis.close();
        queue.close();
    }

    @Test
    void worker_before_it_gets_the_entry_that_it_was_given() {
        Breakpoint read = toRedis.breakAt(BEFORE, "XREADGROUP", app);
        read.await();
        assertThat(send().join()).isEqualTo(200);

        endAt(read.releaseUntilReply());

        assertStoredOnce();
    }

    @Test
    void worker_before_the_commit() {
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        assertThat(send().join()).isEqualTo(200);

        endAt(commit);

        assertStoredOnce();
    }

    @Test
    void worker_before_the_acknowledgement() {
        Breakpoint acknowledgement = toRedis.breakAt(BEFORE, RedisSteps.acknowledgement(GROUP));
        assertThat(send().join()).isEqualTo(200);

        endAt(acknowledgement);

        assertStoredOnce();
    }

    @Test
    void worker_before_the_dead_letter() {
        String broken = "{\"message\":\"broken\"";
        Breakpoint letter = toRedis.breakAt(BEFORE, app + ":dlq", "broken");
        queue.sync().xadd(app, "data", Records.ndjson(app, 0, RECORDS) + "\n" + broken);

        endAt(letter);

        assertStoredOnce();
        assertThat(queue.sync().xlen(app + ":dlq")).isOne();
    }

    @Test
    void api_before_it_adds_the_entry() {
        Breakpoint add = toRedis.breakAt(BEFORE, RedisSteps.ADD, app + "\"");
        CompletableFuture<Integer> answer = send();

        endAt(add);

        assertThat(answer.join()).isEqualTo(200);
        assertStoredOnceByAnother();
    }

    @Test
    void api_before_it_hears_that_the_entry_was_added() {
        Breakpoint add = toRedis.breakAt(REPLY, RedisSteps.ADD, app + "\"");
        CompletableFuture<Integer> answer = send();

        endAt(add);

        assertThat(answer.join()).isEqualTo(200);
        assertStoredOnceByAnother();
    }

    @Test
    void api_before_the_commit_of_what_redis_could_not_take() {
        isolateFromRedis();
        Breakpoint commit = toPostgres.breakAt(BEFORE, app, "COMMIT");
        CompletableFuture<Integer> answer = send();

        endAt(commit);

        assertThat(answer.join()).isEqualTo(200);
        assertThat(database.logs(app)).isEqualTo(RECORDS);
    }

    @Test
    void api_after_the_commit_of_what_redis_could_not_take() {
        isolateFromRedis();
        Breakpoint commit = toPostgres.breakAt(REPLY, app, "COMMIT");
        CompletableFuture<Integer> answer = send();

        endAt(commit);

        assertThat(answer.join()).isEqualTo(200);
        assertThat(database.logs(app)).isEqualTo(RECORDS);
    }

    private void isolateFromRedis() {
        toRedis.refuse(true);
        toRedis.cut();
    }

    /** It is asked while it is held, and goes on when it knows. */
    private void endAt(Breakpoint breakpoint) {
        breakpoint.await();
        Api api = service.api();
        CompletableFuture<Void> end = CompletableFuture.runAsync(service::close);
        Eventually.holds(() -> !accepts(api));
        breakpoint.release();
        assertThat(end).succeedsWithin(TIME_TO_END);
    }

    private static boolean accepts(Api api) {
        try {
            return api.get("/readyz").status() == 200;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    private CompletableFuture<Integer> send() {
        Api api = service.api();
        return CompletableFuture.supplyAsync(() -> api.ingest(Records.ndjson(app, 0, RECORDS), "Idempotency-Key", app)
                .status());
    }

    private void assertStoredOnce() {
        assertThat(queue.sync().xpending(app, GROUP).getCount()).isZero();
        assertThat(database.differentMessages(app)).isEqualTo(RECORDS);
        assertThat(database.logs(app)).isEqualTo(RECORDS);
    }

    private void assertStoredOnceByAnother() {
        try (InProcessApp another = new InProcessApp(postgres, redis, app, "ingest.block-ms=200")) {
            assertThat(another.api()
                            .ingest(Records.ndjson(app, 0, RECORDS), "Idempotency-Key", app)
                            .status())
                    .isEqualTo(200);
            Eventually.holds(() -> database.logs(app) >= RECORDS
                    && queue.sync().xpending(app, GROUP).getCount() == 0);
        }
        assertStoredOnce();
    }
}
