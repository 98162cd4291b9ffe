package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.Servers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deleted may be absent, or more than the database deletes in a moment: rows 76 and 77. */
@ExtendWith(Door.class)
class BadDeletionsIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    /** Deletions that hold it are stopped in the middle of their transaction while a test holds it alone. */
    private static final String GATE = "7700";

    private final Database database = new Database(Servers.postgres());

    @ParameterizedTest(name = "76 id {0}")
    @ValueSource(strings = {"abc", "1.5", "9223372036854775808", "0x5", "1%20OR%201=1"})
    void an_id_is_an_integer(String id) {
        for (String of : List.of("logs", "apps")) {
            Answer answer = Door.api().delete("/api/v1/" + of + "/" + id);

            assertThat(answer.status()).as(of).isEqualTo(400);
            Door.assertProblem(answer, "invalid_parameter");
        }
    }

    @ParameterizedTest(name = "76 id {0}")
    @ValueSource(strings = {"0", "-1", "2147483647"})
    void what_is_to_be_deleted_may_be_absent(String id) {
        for (String of : List.of("logs", "apps")) {
            Answer answer = Door.api().delete("/api/v1/" + of + "/" + id);

            assertThat(answer.status()).as(of).isEqualTo(404);
            Door.assertProblem(answer, "not_found");
        }
    }

    @Test
    @DisplayName("76 twice")
    void the_second_deletion_finds_nothing() {
        String app = Door.newApp();
        long log = create(app, TODAY, 1);
        for (String path : List.of("/api/v1/logs/" + log, "/api/v1/apps/" + appId(app))) {
            assertThat(Door.api().delete(path).status()).isEqualTo(200);
            assertThat(Door.api().delete(path).status()).isEqualTo(404);
        }
    }

    private static Stream<Arguments> days() {
        return Stream.of(
                Arguments.of(
                        "one day", List.of(TODAY), "logs_" + TODAY.toString().replace("-", "")),
                Arguments.of("days without a partition", oldDays(), "logs_default"));
    }

    private static List<LocalDate> oldDays() {
        return List.of(TODAY.minusDays(400), TODAY.minusDays(401));
    }

    @ParameterizedTest(name = "77 {0}")
    @MethodSource("days")
    void an_app_with_many_logs_is_deleted_in_slices_and_nobody_waits(
            String name, List<LocalDate> days, String partition) throws SQLException {
        String large = Door.newApp();
        String other = Door.newApp();
        days.forEach(day -> create(large, day, 24_000));
        long others = create(other, days.get(0), 3);
        watchDeletions(partition, large);
        try (Gate gate = new Gate();
                LockWatch watch = new LockWatch()) {
            assertThat(Door.api().delete("/api/v1/apps/" + appId(large)).status())
                    .isEqualTo(200);
            Eventually.holds(() -> database.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                            + " AND objid = " + GATE + " AND NOT granted")
                    > 0);

            // a transaction has deleted a part and isn't over
            create(other, days.get(0), 1);
            assertThat(Door.logs(other)).hasSize(4);
            assertThat(Door.logs(large)).isEmpty();
            assertThat(Door.api().delete("/api/v1/logs/" + others).status()).isEqualTo(200);
            create(large, days.get(0), 1);

            gate.open();
            Eventually.holds(() -> database.number("SELECT count(*) FROM app_deletions") == 0);

            assertThat(watch.waitedLong()).isEmpty();
            assertThat(database.logs(large)).isOne();
            assertThat(Door.logs(large)).hasSize(1);
            assertThat(Door.logs(other)).hasSize(3);
            assertThat(database.column("SELECT n FROM deletions ORDER BY n DESC").stream()
                            .mapToLong(Long::parseLong)
                            .filter(n -> n > 0))
                    .hasSizeGreaterThan(2)
                    .allMatch(n -> n <= 10_000)
                    .satisfies(slices ->
                            assertThat(slices.stream().mapToLong(n -> n).sum()).isEqualTo(24_000L * days.size()));
        } finally {
            database.execute("DROP TRIGGER watch ON " + partition + "; DROP TABLE deletions; DROP FUNCTION watch");
        }
    }

    @Test
    @DisplayName("77 while its logs are being stored")
    void an_app_that_is_never_free_is_not_waited_for() throws SQLException {
        String app = Door.newApp();
        create(app, TODAY, 1);
        try (Connection writer = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("SELECT FROM apps WHERE name = '" + app + "' FOR KEY SHARE");

            Answer busy = Door.api().delete("/api/v1/apps/" + appId(app));

            assertThat(busy.status()).isEqualTo(503);
            Door.assertProblem(busy, "apps_busy");
            assertThat(busy.response().headers().firstValueAsLong("Retry-After"))
                    .isPresent();
            create(app, TODAY, 1);
            writer.rollback();
        }
        assertThat(Door.api().delete("/api/v1/apps/" + appId(app)).status()).isEqualTo(200);
    }

    /** Looks now and then who waits for a lock, and for how long. */
    private final class LockWatch implements AutoCloseable {

        /** A second, and what a busy machine adds. The gate is held by the test. */
        private static final String WAITING = "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND wait_event <> 'advisory' AND now() - query_start > interval '2 seconds'";

        private final List<String> waitedLong = new CopyOnWriteArrayList<>();
        private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();

        LockWatch() {
            looking.scheduleWithFixedDelay(
                    () -> waitedLong.addAll(database.column(WAITING)), 0, 200, TimeUnit.MILLISECONDS);
        }

        List<String> waitedLong() {
            return waitedLong;
        }

        @Override
        public void close() {
            looking.shutdownNow();
        }
    }

    private void watchDeletions(String partition, String app) {
        database.execute("CREATE TABLE deletions (n bigint);"
                + " CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF EXISTS (SELECT FROM gone WHERE app = '" + app + "') THEN"
                + " INSERT INTO deletions SELECT count(*) FROM gone;"
                + " PERFORM pg_advisory_xact_lock_shared(" + GATE + ");"
                + " END IF; RETURN NULL; END $$;"
                + " CREATE TRIGGER watch AFTER DELETE ON " + partition + " REFERENCING OLD TABLE AS gone"
                + " FOR EACH STATEMENT EXECUTE FUNCTION watch()");
    }

    /** Stops deletions that are watched until it is opened. */
    private final class Gate implements AutoCloseable {

        private final Connection connection = DriverManager.getConnection(database.jdbcUrl());

        Gate() throws SQLException {
            execute("SELECT pg_advisory_lock(" + GATE + ")");
        }

        void open() throws SQLException {
            execute("SELECT pg_advisory_unlock(" + GATE + ")");
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Returns the id of the last. */
    private static long create(String app, LocalDate day, int n) {
        String records = IntStream.range(0, n)
                .mapToObj(i -> BadInput.rec("timestamp", "\"" + day + "T00:00:00Z\"")
                        .replace('"' + BadInput.APP + '"', '"' + app + '"'))
                .collect(Collectors.joining("\n"));
        Answer answer = Door.api().post("/api/v1/bulk_logs/", records.getBytes(UTF_8));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body().get(n - 1).get("id").asLong();
    }

    private static int appId(String name) {
        return Door.api().get("/api/v1/apps/?name=" + name).body().at("/0/id").asInt();
    }
}
