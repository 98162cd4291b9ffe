package logaggregator.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import logaggregator.BusyException;
import logaggregator.QueryCancelledException;
import logaggregator.QueryTimedOutException;
import logaggregator.support.Database;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** An answer is of one moment and has one time-out, however many queries it takes. */
class SnapshotsIT {

    private final Database database = new Database(Servers.postgres());

    /** One reader at a time, for a second. */
    private final Snapshots snapshots = snapshots(new DatabaseSettings("", 2, 1));

    private Snapshots snapshots(DatabaseSettings settings) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.jdbcUrl());
        return new Snapshots(
                new Queries(dataSource, settings),
                new ReaderPlaces(settings),
                dataSource,
                new JdbcTransactionManager(dataSource),
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
