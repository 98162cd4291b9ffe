package logaggregator.store.postgres;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/**
 * Drops the partitions of days, which takes milliseconds however many logs they have. Whoever drops one must be alone at the
 * table for that moment; what came after it waits as long as it does. So it asks for a moment only, and a little longer each time
 * that it was in vain. Thread-safe.
 */
final class DayDrops {

    private static final Logger log = LoggerFactory.getLogger(DayDrops.class);

    private static final long FIRST_WAIT_MS = 50;
    private static final long LONGEST_WAIT_MS = 1_000;

    /** PostgreSQL ends a vacuum of a partition that is to go, after a second. */
    private static final String DROP_WAIT = "SET LOCAL lock_timeout = '3s'";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private int attemptsInVain;
    private long inVainSince;
    private volatile int missed;

    DayDrops(JdbcTemplate jdbc, Transactions transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** How many days could not be had at the last attempt. */
    int missed() {
        return missed;
    }

    /** The days that have a partition, the oldest first. */
    List<LocalDate> before(LocalDate end) {
        return inTransaction(
                        transaction,
                        jdbc,
                        () -> jdbc.queryForList(
                                "SELECT right(c.relname, 8)::date::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
                                        + " WHERE i.inhparent = 'logs'::regclass AND c.relname ~ '^logs_[0-9]{8}$' ORDER BY 1",
                                String.class))
                .stream()
                .map(LocalDate::parse)
                .filter(day -> day.isBefore(end))
                .toList();
    }

    /**
     * Drops days, with their numbers. Ends at the first that it can't have: a long query keeps the others from it as well.
     *
     * @param end after which none is begun, as {@link System#nanoTime}
     * @param condition asked in the transaction, before and after everybody else is kept out
     * @return the days that it could not have, whatever the condition says of them
     */
    synchronized List<LocalDate> drop(List<LocalDate> days, long end, Predicate<LocalDate> condition) {
        for (int i = 0; i < days.size() && System.nanoTime() - end < 0; i++) {
            LocalDate day = days.get(i);
            try {
                if (drop(day, condition)) {
                    attemptsInVain = 0;
                }
            } catch (UnavailableException e) {
                if (!SqlFailure.isLockNotAvailable(e)) {
                    throw e;
                }
                noteAttemptInVain(day);
                missed = days.size() - i;
                return days.subList(i, days.size());
            }
        }
        missed = 0;
        return List.of();
    }

    private boolean drop(LocalDate day, Predicate<LocalDate> condition) {
        String partition = LogSlice.partition(day);
        long[] begin = {0};
        boolean dropped = inTransaction(transaction, jdbc, () -> {
            // asked before as well: the lock makes everybody wait
            if (!condition.test(day)) {
                return false;
            }
            keepFromFolding(jdbc);
            jdbc.execute("SET LOCAL lock_timeout = '" + patience() + "ms'");
            jdbc.execute("LOCK TABLE ONLY logs IN ACCESS EXCLUSIVE MODE");
            begin[0] = System.nanoTime();
            if (!LogSlice.exists(jdbc, partition) || !condition.test(day)) {
                return false;
            }
            jdbc.execute(DROP_WAIT);
            jdbc.execute("DROP TABLE " + partition);
            forget("count_deltas", "start", day);
            forget("interval_counts", "start", day);
            forget("counts", "hour", day);
            forget("day_counts", "day", day);
            return true;
        });
        if (dropped) {
            log.info(
                    "The logs of {} are dropped, older than they are to be kept or too many; others waited {} ms for it",
                    day,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin[0]));
        }
        return dropped;
    }

    private long patience() {
        return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(attemptsInVain, 10));
    }

    private void noteAttemptInVain(LocalDate day) {
        if (attemptsInVain++ == 0) {
            inVainSince = System.nanoTime();
        }
        if (System.nanoTime() - inVainSince > PATIENCE.toNanos()) {
            log.warn(
                    "The logs of {} are to go, and for over {} minutes the table was always in use, by an export or another long query",
                    day,
                    PATIENCE.toMinutes());
        }
    }

    private void forget(String numbers, String time, LocalDate day) {
        jdbc.update(
                "DELETE FROM " + numbers + " WHERE " + time + " >= ? AND " + time + " < ?",
                day.atStartOfDay().atOffset(ZoneOffset.UTC),
                day.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
    }

    /** Numbers on their way from one table to the other would be seen in neither; see {@code foldCounts}. */
    static void keepFromFolding(JdbcTemplate jdbc) {
        jdbc.query("SELECT pg_advisory_xact_lock('count_deltas'::regclass::bigint)", row -> {});
    }

    /** Runs what removes logs, which waits for a lock no longer than three seconds. */
    static <T extends @Nullable Object> T inTransaction(Transactions transaction, JdbcTemplate jdbc, Supplier<T> work) {
        try {
            return transaction.execute(status -> {
                jdbc.execute("SET LOCAL lock_timeout = '3s'");
                return work.get();
            });
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }
}
