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
 * table for that moment, and what comes after it waits as long as it does. So it asks for a moment only, and a little longer
 * each time that it was in vain. Thread-safe.
 */
final class DayDrops {

    private static final Logger log = LoggerFactory.getLogger(DayDrops.class);

    private static final long FIRST_WAIT_MS = 50;
    private static final long LONGEST_WAIT_MS = 500;

    /** An index that is being built keeps others from this lock, and a vacuum until PostgreSQL ends it after a second. */
    private static final String KEEP_FROM_MAINTENANCE = "LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE";

    /** For the partition itself, where nobody is left who stays for long. */
    private static final String DROP_WAIT = "SET LOCAL lock_timeout = '500ms'";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Others are using the table. */
    private static final class InUseException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private int attemptsInVain;
    private long inVainSince;

    DayDrops(JdbcTemplate jdbc, Transactions transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** The days that have a partition, the oldest first. */
    List<LocalDate> daysBefore(LocalDate end) {
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
     * @param condition asked once more when all others are kept out
     * @return the days that it could not have
     */
    synchronized List<LocalDate> drop(List<LocalDate> days, long end, Predicate<LocalDate> condition) {
        for (int i = 0; i < days.size() && System.nanoTime() - end < 0; i++) {
            LocalDate day = days.get(i);
            try {
                drop(day, condition);
            } catch (InUseException e) {
                noteAttemptInVain(day);
                return days.subList(i, days.size());
            } catch (UnavailableException e) {
                if (!SqlFailure.isLockNotAvailable(e)) {
                    throw e;
                }
                log.debug("Maintenance keeps the logs of {}, they are to go the next time", day);
                return days.subList(i, days.size());
            }
        }
        attemptsInVain = 0;
        return List.of();
    }

    private void drop(LocalDate day, Predicate<LocalDate> condition) {
        String partition = LogSlice.partition(day);
        long[] begin = {0};
        boolean dropped = inTransaction(transaction, jdbc, () -> {
            if (!LogSlice.exists(jdbc, partition)) {
                return false;
            }
            keepFromFolding(jdbc);
            jdbc.execute(KEEP_FROM_MAINTENANCE.formatted(partition));
            begin[0] = System.nanoTime();
            beAlone();
            if (!condition.test(day)) {
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
    }

    /** Keeps all others from the logs until the end of the transaction. */
    private void beAlone() {
        long patience = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(attemptsInVain, 10));
        jdbc.execute("SET LOCAL lock_timeout = '" + patience + "ms'");
        try {
            jdbc.execute("LOCK TABLE ONLY logs IN ACCESS EXCLUSIVE MODE");
        } catch (DataAccessException e) {
            throw SqlFailure.isLockNotAvailable(e) ? new InUseException() : e;
        }
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
