package logaggregator.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import logaggregator.UnavailableException;
import logaggregator.store.StoreMaintenance;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;

/** Partitions, receipts and counts. Thread-safe. */
@Component("storeMaintenance")
class PostgresMaintenance implements StoreMaintenance {

    /** A chunk may come again after this at least: another worker takes it over, or its producer had no answer. */
    private static final Duration WAITING = Duration.ofDays(2);

    /** A chunk got its id before it got to the queue, and from another clock. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private static final int PING_SECONDS = 2;

    /** How many receipts are deleted in one transaction. */
    private static final int SLICE = 10_000;

    private static final DateTimeFormatter PARTITION_DAY = DateTimeFormatter.BASIC_ISO_DATE;

    /**
     * What was committed only after the last fold had looked counts as stored now: no reader has seen it at its own time.
     * Numbers below zero are of logs that were deleted; the result is where there were any, and of which applications. The time is that after the lock, or folds would seem to come in another
     * order than they did.
     */
    private static final String FOLD_COUNTS = """
            WITH last AS (SELECT max(folded_at) AS folded_at FROM count_folds),
            folded AS (DELETE FROM count_deltas RETURNING *),
            arrived AS (
                SELECT date_trunc('second', CASE WHEN stored_at < last.folded_at THEN statement_timestamp()
                            ELSE least(stored_at, statement_timestamp()) END)
                       + interval '1 second' AS stored_by, app_id, level, service, sum(n) AS n
                FROM folded, last WHERE n > 0 GROUP BY 1, 2, 3, 4),
            recent AS (INSERT INTO recent_counts SELECT stored_by, 1, app_id, level, service, n FROM arrived),
            heard AS (
                INSERT INTO last_stored SELECT app_id, level, service, max(stored_by) FROM arrived
                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                ON CONFLICT (app_id, level, service) DO UPDATE SET stored_at = excluded.stored_at),
            mark AS (
                INSERT INTO count_folds
                SELECT statement_timestamp(), coalesce(pg_sequence_last_value(pg_get_serial_sequence('logs', 'id')::regclass), 0),
                       coalesce(statement_timestamp() - last.folded_at, '0')
                FROM last ON CONFLICT DO NOTHING),
            intervals AS (
                INSERT INTO interval_counts AS c SELECT start, app_id, level, sum(n) FROM folded
                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                ON CONFLICT (start, app_id, level) DO UPDATE SET n = c.n + excluded.n),
            hours AS (
                INSERT INTO counts AS c SELECT date_trunc('hour', start, 'UTC'), app_id, level, service, sum(n) FROM folded
                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
                ON CONFLICT (hour, app_id, level, service) DO UPDATE SET n = c.n + excluded.n),
            days AS (
                INSERT INTO day_counts AS c
                SELECT date_trunc('day', start, 'UTC') AS day, app_id, level, service, sum(n) FROM folded
                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
                ON CONFLICT (day, app_id, level, service) DO UPDATE SET n = c.n + excluded.n)
            SELECT date_trunc('day', min(start), 'UTC'), max(start), array_agg(DISTINCT app_id) FROM folded
            WHERE n < 0 HAVING count(*) > 0""";

    /** What was stored before the clock was set back would lie ahead, or be counted twice: it is moved back by as much. */
    private static final String FOLLOW_CLOCK = """
            WITH clock AS (
                SELECT date_trunc('second', ahead) + interval '1 second' AS ahead
                FROM (SELECT max(folded_at) - clock_timestamp() AS ahead FROM count_folds) AS c WHERE ahead > '2 seconds'),
            recent AS (UPDATE recent_counts SET stored_by = stored_by - ahead FROM clock),
            heard AS (UPDATE last_stored SET stored_at = stored_at - ahead FROM clock),
            began AS (UPDATE counted_since SET time = time - ahead FROM clock),
            evaluated AS (UPDATE alert_evaluation SET evaluated_at = evaluated_at - ahead FROM clock),
            found AS (
                UPDATE alerts SET started_at = started_at - ahead, ended_at = ended_at - ahead, fired_at = fired_at - ahead,
                    missing_since = missing_since - ahead, owed_until = owed_until - ahead, noted_at = noted_at - ahead FROM clock)
            UPDATE count_folds SET folded_at = folded_at - ahead FROM clock""";

    /** Parameters: length of the new parts, length of the old ones, and the age that they must have, in seconds. */
    private static final String THIN_RECENT_COUNTS = """
            WITH lengths AS (SELECT ?::int AS longer, ?::int AS length, ?::int AS age),
            old AS (
                DELETE FROM recent_counts USING lengths
                WHERE seconds = length
                  AND stored_by <= date_bin(make_interval(secs => longer), now() - make_interval(secs => age), 'epoch')
                RETURNING recent_counts.*, longer)
            INSERT INTO recent_counts
            SELECT date_bin(make_interval(secs => longer), stored_by - make_interval(secs => seconds), 'epoch')
                   + make_interval(secs => longer), longer, app_id, level, service, sum(n)
            FROM old GROUP BY 1, 2, 3, 4, 5""";

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private final DatabaseLocation location;
    private final DayPartitions days;

    /** Receipts outside the days' partitions are those of producers that name their requests and may send them again. */
    private final Duration keyedReceipts;

    PostgresMaintenance(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            DatabaseLocation location,
            ReceiptSettings receipts) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new Transactions(transactions, jdbc);
        this.location = location;
        this.keyedReceipts = Duration.ofDays(receipts.retention());
        this.days = new DayPartitions(jdbc, transactions);
    }

    @Override
    public void prepareDays() {
        try {
            days.prepare();
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    @Override
    public void pruneReceipts(Instant oldestWaiting) {
        // by the clock that stored_at is of: ours may be wrong
        Instant midnight = SqlFailure.orUnavailable(() -> Objects.requireNonNull(
                        jdbc.queryForObject("SELECT date_trunc('day', now(), 'UTC')", OffsetDateTime.class))
                .toInstant());
        Instant needed = earlier(midnight.minus(WAITING), oldestWaiting.minus(MARGIN));
        Instant keyed = earlier(midnight.minus(keyedReceipts), needed);
        for (String partition : receiptPartitionsBefore(LocalDate.ofInstant(needed, ZoneOffset.UTC))) {
            inTransaction(() -> dropUnlessNeeded(partition, needed));
        }
        int[] deleted = {SLICE};
        while (deleted[0] == SLICE) {
            inTransaction(() -> deleted[0] = jdbc.update(
                    "DELETE FROM receipts_default WHERE id = ANY (ARRAY("
                            + "SELECT id FROM receipts_default WHERE stored_at < ?::timestamptz LIMIT ?))",
                    keyed.toString(),
                    SLICE));
        }
    }

    private List<String> receiptPartitionsBefore(LocalDate day) {
        return SqlFailure.orUnavailable(() -> jdbc.queryForList(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'receipts'::regclass"
                        + " AND inhrelid::regclass::text ~ '^receipts_[0-9]{8}$'"
                        + " AND inhrelid::regclass::text < ?",
                String.class, "receipts_" + PARTITION_DAY.format(day)));
    }

    /** What waited in the queue for days was stored only now: its receipt is young though its id is old. */
    private void dropUnlessNeeded(String partition, Instant needed) {
        boolean young = Boolean.TRUE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM " + partition + " WHERE stored_at > ?::timestamptz)",
                Boolean.class,
                needed.toString()));
        if (!young) {
            jdbc.execute("DROP TABLE " + partition);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Override
    public void foldCounts() {
        inTransaction(() -> jdbc.update(
                "WITH folded AS (DELETE FROM ledger_deltas WHERE pg_try_advisory_xact_lock('ledger_deltas'::regclass::bigint)"
                        + " RETURNING *)"
                        + " INSERT INTO ledger AS l (queue, app, settled, replayed, stored, duplicate, dead_lettered)"
                        + " SELECT queue, app, sum(settled), sum(replayed), sum(stored), sum(duplicate), sum(dead_lettered)"
                        + " FROM folded GROUP BY queue, app ORDER BY queue, app"
                        + " ON CONFLICT (queue, app) DO UPDATE SET settled = l.settled + excluded.settled,"
                        + " replayed = l.replayed + excluded.replayed, stored = l.stored + excluded.stored, duplicate = l.duplicate + excluded.duplicate,"
                        + " dead_lettered = l.dead_lettered + excluded.dead_lettered"));
        inTransaction(() -> {
            jdbc.query("SELECT pg_advisory_xact_lock('count_deltas'::regclass::bigint)", row -> {});
            jdbc.update(FOLLOW_CLOCK);
            jdbc.query(FOLD_COUNTS, row -> {
                forgetEmpty("interval_counts", "start", row);
                forgetEmpty("counts", "hour", row);
                forgetEmpty("day_counts", "day", row);
            });
        });
    }

    /** What has become 0 by a fold. */
    private void forgetEmpty(String numbers, String time, ResultSet folded) throws SQLException {
        jdbc.update(
                "DELETE FROM " + numbers + " WHERE n = 0 AND " + time + " BETWEEN ? AND ? AND app_id = ANY (?)",
                folded.getObject(1, OffsetDateTime.class),
                folded.getObject(2, OffsetDateTime.class),
                folded.getArray(3));
    }

    @Override
    public void thinRecentCounts() {
        inTransaction(() -> jdbc.update(THIN_RECENT_COUNTS, 10, 1, 120));
        inTransaction(() -> jdbc.update(THIN_RECENT_COUNTS, 60, 10, 1_200));
        inTransaction(() -> jdbc.update(THIN_RECENT_COUNTS, 600, 60, 10_800));
        inTransaction(() -> {
            jdbc.update("DELETE FROM recent_counts WHERE stored_by < now() - interval '25 hours'");
            // one stays: it tells for how long there was none, and which ids were given by then
            jdbc.update("DELETE FROM count_folds WHERE folded_at <"
                    + " (SELECT max(folded_at) FROM count_folds WHERE folded_at < now() - interval '25 hours')");
            jdbc.update("DELETE FROM last_stored WHERE stored_at < now() - interval '7 days'");
        });
    }

    @Override
    public void ping() {
        try {
            // bounded on our side too: a frozen server would hold the caller for as long as a statement may take
            boolean alive = Boolean.TRUE.equals(
                    jdbc.execute((ConnectionCallback<Boolean>) connection -> connection.isValid(PING_SECONDS)));
            if (!alive) {
                throw new UnavailableException("PostgreSQL: no answer", new SQLTimeoutException());
            }
        } catch (DataAccessException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    @Override
    public String location() {
        return location.display();
    }

    private void inTransaction(Runnable work) {
        try {
            transaction.execute(status -> {
                // who waits for a lock makes all others wait behind it
                jdbc.execute("SET LOCAL lock_timeout = '3s'");
                work.run();
                return true;
            });
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }
}
