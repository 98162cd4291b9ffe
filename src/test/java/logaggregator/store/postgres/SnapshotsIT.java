package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import logaggregator.BusyException;
import logaggregator.QueryCancelledException;
import logaggregator.QueryTimedOutException;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An answer is of one moment and has one time-out, however many queries it takes. */
class SnapshotsIT {

    private static Database database;

    private final List<HikariDataSource> pools = new ArrayList<>();

    @BeforeAll
    static void migrate() {
        Database.create(Servers.postgres(), "snapshots");
        database = new Database(Servers.postgres(), "snapshots");
        new PostgresSchema(new DatabaseLocation(database.jdbcUrl(), new Properties())).migrate();
    }

    /** One reader at a time, for a second. */
    private final Snapshots snapshots = snapshots(new DatabaseSettings("", 2, 1));

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
    }

    private Snapshots snapshots(DatabaseSettings settings) {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(database.jdbcUrl());
        dataSource.setMaximumPoolSize(settings.poolSize());
        pools.add(dataSource);
        return new Snapshots(
                new Queries(dataSource, settings),
                new ReaderPlaces(settings),
                dataSource,
                new PooledTransactionManager(dataSource),
                settings);
    }

    private String ask(String sql) {
        return snapshots.read(queries -> one(queries, sql));
    }

    private static String one(Queries queries, String sql) {
        return queries.list(sql, List.of(), (row, number) -> String.valueOf(row.getString(1)))
                .get(0);
    }

    @Test
    void what_is_committed_meanwhile_is_not_seen() {
        database.execute("DROP TABLE IF EXISTS moment; CREATE TABLE moment (n int)");
        String count = "SELECT count(*) FROM moment";

        String seen = snapshots.read(queries -> {
            String before = one(queries, count);
            database.execute("INSERT INTO moment VALUES (1)");
            return before + one(queries, count);
        });

        assertThat(seen).isEqualTo("00");
        assertThat(ask(count)).isEqualTo("1");
    }

    /** Those that move from the partition of all other days to one of their own, while somebody comes to read. */
    @Test
    void logs_that_move_to_another_partition_are_not_missed() throws SQLException {
        database.execute(
                "DROP TABLE IF EXISTS logs_20200203; INSERT INTO apps (name) VALUES ('moving') ON CONFLICT DO NOTHING;"
                        + " INSERT INTO logs (app_id, app, level, service, message, timestamp, received_at)"
                        + " SELECT id, name, 'INFO', 's', 'm', '2020-02-03T04:05Z', now() FROM apps WHERE name = 'moving'");
        CompletableFuture<String> seen;
        try (Connection mover = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = mover.createStatement()) {
            mover.setAutoCommit(false);
            statement.execute("SELECT ensure_logs_partition('2020-02-03')");
            Snapshots patient = snapshots(new DatabaseSettings("", 4, 15));
            seen = CompletableFuture.supplyAsync(
                    () -> patient.read(
                            queries -> one(
                                    queries,
                                    "SELECT count(*) FROM logs WHERE timestamp >= '2020-02-03T00:00Z' AND timestamp < '2020-02-04T00:00Z'")));
            Eventually.passes(() -> assertThat(database.number(
                            "SELECT count(*) FROM pg_locks" + " WHERE NOT granted AND relation = 'logs'::regclass"))
                    .isEqualTo(1));
            mover.commit();
        }

        assertThat(seen).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("1");
    }

    @Test
    void several_moments_of_one_answer_have_one_time_out() {
        long deadline = snapshots.deadline();
        assertThatThrownBy(() -> {
                    for (int n = 0; n < 20; n++) {
                        snapshots.read(deadline, queries -> one(queries, "SELECT pg_sleep(0.2)"));
                    }
                })
                .isExactlyInstanceOf(QueryTimedOutException.class);
    }

    @Test
    void its_queries_together_are_bounded_in_time() {
        assertThatThrownBy(() -> snapshots.read(queries -> {
                    for (int n = 0; n < 20; n++) {
                        one(queries, "SELECT pg_sleep(0.4)");
                    }
                    return "answered";
                }))
                .isExactlyInstanceOf(QueryTimedOutException.class);
    }

    /** A process that was killed can't end its query. */
    @Test
    void the_server_ends_a_query_by_itself() {
        assertThat(ask("SHOW statement_timeout")).isEqualTo("1s");
    }

    @Test
    void who_was_cancelled_is_not_told_that_it_took_too_long() {
        assertThatThrownBy(() -> ask("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(0.5)"))
                .isInstanceOf(QueryCancelledException.class);
    }

    @Test
    void who_comes_while_all_places_are_taken_is_told_to_come_again() {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> snapshots.read(queries -> {
            reading.countDown();
            await(enough);
            return "read";
        }));
        await(reading);

        assertThatThrownBy(() -> ask("SELECT 1"))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("DATABASE_POOL_SIZE");

        enough.countDown();
        assertThat(first).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("read");
        assertThat(ask("SELECT 1")).isEqualTo("1");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
