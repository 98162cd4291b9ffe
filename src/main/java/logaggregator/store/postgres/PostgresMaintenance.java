package logaggregator.store.postgres;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import javax.sql.DataSource;
import logaggregator.store.StoreMaintenance;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Partitions, receipts and counts. Thread-safe. */
@Component("storeMaintenance")
class PostgresMaintenance implements StoreMaintenance {

    private static final int DAYS_BACK = 1;
    private static final int DAYS_AHEAD = 3;

    /** A chunk can come again for as long as it may wait in the queue. */
    private static final int RECEIPT_DAYS = 2;

    /** Receipts outside the days' partitions are those of producers that name their requests and may send them again. */
    private static final int NAMED_RECEIPT_DAYS = 7;

    private static final int PING_SECONDS = 2;

    private static final DateTimeFormatter PARTITION_DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final JdbcTemplate jdbc;
    private final JdbcTemplate pings;
    private final TransactionTemplate transaction;
    private final DatabaseLocation location;
    private final Clock clock;

    PostgresMaintenance(
            DataSource dataSource, PlatformTransactionManager transactions, DatabaseLocation location, Clock clock) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.pings = new JdbcTemplate(dataSource);
        this.pings.setQueryTimeout(PING_SECONDS);
        this.transaction = new TransactionTemplate(transactions);
        this.location = location;
        this.clock = clock;
    }

    @Override
    public void prepareDays() {
        LocalDate today = today();
        for (LocalDate day = today.minusDays(DAYS_BACK);
                !day.isAfter(today.plusDays(DAYS_AHEAD));
                day = day.plusDays(1)) {
            LocalDate wanted = day;
            inTransaction(() -> jdbc.query("SELECT ensure_logs_partition(?::date)", row -> {}, wanted.toString()));
            inTransaction(() -> jdbc.query("SELECT ensure_receipts_partition(?::date)", row -> {}, wanted.toString()));
        }
    }

    @Override
    public void pruneReceipts() {
        LocalDate oldest = today().minusDays(RECEIPT_DAYS);
        inTransaction(() -> {
            jdbc.queryForList(
                            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'receipts'::regclass"
                                    + " AND inhrelid::regclass::text ~ '^receipts_[0-9]{8}$'"
                                    + " AND inhrelid::regclass::text < ?",
                            String.class, "receipts_" + PARTITION_DAY.format(oldest))
                    .forEach(this::dropUnlessRecent);
            jdbc.update(
                    "DELETE FROM receipts_default WHERE stored_at < ?::date",
                    today().minusDays(NAMED_RECEIPT_DAYS).toString());
        });
    }

    /** What waited in the queue for days was stored only now: its receipt is young though its id is old. */
    private void dropUnlessRecent(String partition) {
        boolean recent = Boolean.TRUE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM " + partition + " WHERE stored_at > ?::date)",
                Boolean.class,
                today().minusDays(RECEIPT_DAYS).toString()));
        if (!recent) {
            jdbc.execute("DROP TABLE " + partition);
        }
    }

    @Override
    public void foldCounts() {
        inTransaction(() -> jdbc.update(
                "WITH folded AS (DELETE FROM ledger_deltas WHERE pg_try_advisory_xact_lock('ledger_deltas'::regclass::bigint)"
                        + " RETURNING *)"
                        + " INSERT INTO ledger AS l SELECT queue, app, sum(settled), sum(stored), sum(duplicate),"
                        + " sum(dead_lettered) FROM folded GROUP BY queue, app ORDER BY queue, app"
                        + " ON CONFLICT (queue, app) DO UPDATE SET settled = l.settled + excluded.settled,"
                        + " stored = l.stored + excluded.stored, duplicate = l.duplicate + excluded.duplicate,"
                        + " dead_lettered = l.dead_lettered + excluded.dead_lettered"));
        inTransaction(() -> jdbc.update(
                "WITH folded AS (DELETE FROM count_deltas WHERE pg_try_advisory_xact_lock('count_deltas'::regclass::bigint)"
                        + " RETURNING *)"
                        + " INSERT INTO counts AS c SELECT hour, app_id, level, service, sum(n) FROM folded"
                        + " GROUP BY hour, app_id, level, service ORDER BY hour, app_id, level, service"
                        + " ON CONFLICT (hour, app_id, level, service) DO UPDATE SET n = c.n + excluded.n"));
    }

    @Override
    public void ping() {
        try {
            pings.queryForObject("SELECT 1", Integer.class);
        } catch (DataAccessException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    @Override
    public String location() {
        return location.display();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private void inTransaction(Runnable work) {
        try {
            transaction.executeWithoutResult(status -> {
                // who waits for a lock makes all others wait behind it
                jdbc.execute("SET LOCAL lock_timeout = '3s'");
                work.run();
            });
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }
}
