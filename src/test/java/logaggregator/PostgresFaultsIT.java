package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.BothPaths;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PostgreSQL refuses, blocks, freezes or goes away while the service runs: the worker tries again until it has stored
 * each record once, the door refuses within bounds what it can't store, and all of it works again by itself.
 */
class PostgresFaultsIT {

    private static final String STREAM = "postgres-faults:stream";
    private static final String NO_REDIS = "redis://127.0.0.1:1";
    private static final String ROLE = "service";

    /** That those who aren't superusers may have. */
    private static final int CONNECTIONS = 40;

    /** Longer than it takes a test to see that somebody waits. */
    private static final String DEADLOCK_TIMEOUT = "deadlock_timeout=3s";

    /** More than the service has connections, and threads for requests that it passes to a route. */
    private static final int MANY = 40;

    private static final Duration BOUND = Duration.ofSeconds(25);

    private static final ExecutorService CLIENTS = Executors.newCachedThreadPool();

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static InProcessApp service;
    private static InProcessApp withoutRedis;
    private static Database database;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("postgres-faults");
        postgres = new PostgresProcess(directory);
        restart("fast");
        new Database(postgres).execute("CREATE ROLE " + ROLE + " LOGIN");
        new Database(postgres).execute("CREATE DATABASE logs OWNER " + ROLE);
        database = new Database(postgres, "logs");
        redis = new RedisProcess(directory.resolve("redis"));
        String url = "postgresql://" + ROLE + "@127.0.0.1:" + postgres.port() + "/logs";
        service = new InProcessApp(url, redis.url(), STREAM);
        withoutRedis = new InProcessApp(url, NO_REDIS, STREAM, "app.roles=api");
    }

    @AfterAll
    static void stop() {
        CLIENTS.shutdown();
        withoutRedis.close();
        service.close();
        redis.close();
        postgres.close();
    }

    @AfterEach
    void nothing_is_left_of_it() {
        Eventually.holds(() -> health(service).at("/down_since/database").isMissingNode());
        Eventually.holds(() -> RedisConsole.ask(redis, console -> console.xpending(STREAM, "ingest-group")
                        .getCount())
                == 0);
        long deadLetters = RedisConsole.ask(redis, console -> console.xlen(STREAM + ":dlq"));
        assertThat(deadLetters).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "immediate"})
    void it_is_restarted_under_load(String mode) {
        try (BothPaths load = new BothPaths(service, withoutRedis, "restart " + mode)) {
            load.awaitProgress(database);
            restart(mode);
            load.awaitProgress(database);

            load.assertStoredOnce(database);
        }
    }

    @Test
    void its_connections_are_ended_again_and_again() {
        try (BothPaths load = new BothPaths(service, withoutRedis, "ended")) {
            load.awaitProgress(database);
            IntStream.range(0, 30).forEach(n -> endConnections());
            load.awaitProgress(database);

            load.assertStoredOnce(database);
        }
    }

    @Test
    void others_have_taken_all_its_connections() throws SQLException {
        try (BothPaths load = new BothPaths(service, withoutRedis, "too many");
                Others others = new Others()) {
            load.awaitProgress(database);
            others.takeAll();
            load.awaitRefused();
            load.awaitAccepted();
            awaitDown(service, "database");
            awaitDown(withoutRedis, "database");
            others.close();
            load.awaitProgress(database);

            load.assertStoredOnce(database);
        }
    }

    @Test
    void a_table_is_locked_for_longer_than_anybody_waits() throws Exception {
        awaitHealthy();
        try (Connection locker = begin()) {
            execute(locker, "LOCK TABLE logs IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Answer> read = timed(() -> service.api().get("/api/v1/logs/"));
            CompletableFuture<Answer> direct = timed(() -> ingest(withoutRedis, "locked direct"));
            Answer queued = ingest(service, "locked queued");

            assertThat(queued.body().get("backend").asText()).isEqualTo("redis");
            assertThat(direct.join().status()).isEqualTo(503);
            assertThat(read.join().status()).isEqualTo(504);
            awaitDown(service, "store");
        }
        assertStoredOnce("locked queued");
        assertThat(database.logs("locked direct")).isZero();
    }

    @Test
    void a_deadlock_ends_its_transaction_which_runs_again_at_once() throws Exception {
        long before = deadlocks();

        Answer direct = inDeadlock(() -> ingest(withoutRedis, "deadlock direct"));
        Answer queued = inDeadlock(() -> ingest(service, "deadlock queued"));

        assertThat(direct.status()).isEqualTo(200);
        assertThat(queued.body().get("backend").asText()).isEqualTo("redis");
        assertStoredOnce("deadlock direct");
        assertStoredOnce("deadlock queued");
        Eventually.holds(() -> deadlocks() == before + 2);
    }

    @Test
    void it_freezes_for_half_a_minute() throws InterruptedException {
        try (BothPaths load = new BothPaths(service, withoutRedis, "frozen")) {
            load.awaitProgress(database);
            postgres.signal("STOP");
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int n = 0; n < MANY; n++) {
                answers.add(timed(() -> ingest(withoutRedis, "frozen refused")));
                answers.add(timed(() -> service.api().get("/api/v1/logs/?app=frozen")));
                answers.add(timed(() -> withoutRedis.api().get("/api/v1/stats/")));
            }
            load.awaitAccepted();
            awaitDown(service, "database");
            awaitDown(withoutRedis, "database");
            while (answers.stream().anyMatch(answer -> !answer.isDone())) {
                assertThat(health(service).get("status").asText()).isEqualTo("degraded");
                assertThat(health(withoutRedis).get("status").asText()).isEqualTo("down");
                Thread.sleep(500);
            }
            assertThat(answers).allMatch(answer -> answer.join().status() == 503);
            load.awaitAccepted();
            postgres.signal("CONT");
            load.awaitProgress(database);

            load.assertStoredOnce(database);
        } finally {
            postgres.signal("CONT");
        }
    }

    @Test
    void a_column_is_missing_for_a_while() {
        try (BothPaths load = new BothPaths(service, withoutRedis, "column")) {
            load.awaitProgress(database);
            database.execute("ALTER TABLE logs DROP COLUMN metadata_");
            load.awaitRefused();
            load.awaitAccepted();
            awaitDown(service, "store");
            database.execute("ALTER TABLE logs ADD COLUMN metadata_ jsonb");
            load.awaitProgress(database);

            load.assertStoredOnce(database);
        }
        awaitHealthy();
    }

    private static void restart(String mode) {
        postgres.stop(mode);
        postgres.start("max_connections=" + (CONNECTIONS + 20), "superuser_reserved_connections=20", DEADLOCK_TIMEOUT);
    }

    private static void endConnections() {
        database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'log-aggregator'");
    }

    /** Clients of the database that aren't ours. */
    private static final class Others implements AutoCloseable {

        private final List<Connection> connections = new ArrayList<>();

        /** Takes each connection that there may be, those of the service too. */
        void takeAll() {
            String url = database.jdbcUrl().replace("user=postgres", "user=" + ROLE);
            while (connections.size() < CONNECTIONS) {
                try {
                    connections.add(DriverManager.getConnection(url));
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("53300");
                    endConnections();
                }
            }
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** Has somebody lock what the service locks, in the opposite order. */
    private static Answer inDeadlock(Supplier<Answer> request) throws Exception {
        try (Connection opponent = begin()) {
            execute(opponent, "SET LOCAL deadlock_timeout = '1min'"); // the service is to be the victim
            execute(opponent, "LOCK TABLE count_deltas IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(request, CLIENTS);
            Eventually.holds(() ->
                    database.number("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'"
                                    + " AND relation = 'count_deltas'::regclass")
                            > 0);
            execute(opponent, "LOCK TABLE logs IN ACCESS EXCLUSIVE MODE");
            opponent.rollback();
            return answer.join();
        }
    }

    private static long deadlocks() {
        return database.number("SELECT deadlocks FROM pg_stat_database WHERE datname = 'logs'");
    }

    private static Connection begin() throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl());
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static CompletableFuture<Answer> timed(Supplier<Answer> request) {
        Supplier<Answer> timed = () -> {
            long begin = System.nanoTime();
            Answer answer = request.get();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
            return answer;
        };
        return CompletableFuture.supplyAsync(timed, CLIENTS);
    }

    private static Answer ingest(InProcessApp to, String app) {
        return to.api().ingest(Records.ndjson(app, 0, 10));
    }

    private static void assertStoredOnce(String app) {
        database.awaitAll(app, 10);
        assertThat(database.logs(app)).isEqualTo(10);
    }

    private static void awaitHealthy() {
        Eventually.holds(() -> health(service).get("status").asText().equals("ok"));
    }

    private static void awaitDown(InProcessApp where, String part) {
        Eventually.holds(() -> health(where).at("/down_since/" + part).isTextual());
    }

    /** Asked with little patience. */
    private static JsonNode health(InProcessApp where) {
        return new Api(where.port(), Duration.ofSeconds(5)).get("/health").body();
    }
}
