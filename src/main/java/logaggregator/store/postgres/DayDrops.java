package logaggregator.store.postgres;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
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

    /**
     * Who maintains one of the two that go or are looked at, a vacuum or the build of an index, is waited for before anybody
     * is kept out.
     */
    private static final String KEEP_FROM_MAINTENANCE =
            "LOCK TABLE ONLY %s, ONLY logs_default IN SHARE UPDATE EXCLUSIVE MODE";

    private static final String UNDEFINED_TABLE = "42P01";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Others are using the table. */
    private static final class InUseException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What was to go is to stay. */
    private static final class KeptException extends RuntimeException {
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
    List<LocalDate> days() {
        return inTransaction(
                        transaction,
                        jdbc,
                        () -> jdbc.queryForList(
                                "SELECT right(c.relname, 8)::date::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
                                        + " WHERE i.inhparent = 'logs'::regclass AND c.relname ~ '^logs_[0-9]{8}$' ORDER BY 1",
                                String.class))
                .stream()
                .map(LocalDate::parse)
                .toList();
    }

    /**
     * Drops days, with their numbers. Ends at the first during which the table is in use: a long query keeps the others from it
     * as well.
     *
     * @param end after which none is begun, as {@link System#nanoTime}
     * @param condition asked before and after all others are kept out
     * @return the days that it could not have
     */
    synchronized List<LocalDate> drop(List<LocalDate> days, long end, Predicate<LocalDate> condition) {
        List<LocalDate> missed = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
            LocalDate day = days.get(i);
            try {
                if (System.nanoTime() - end > 0) {
                    missed.addAll(days.subList(i, days.size()));
                    return missed;
                }
                drop(day, condition);
                attemptsInVain = 0;
            } catch (InUseException e) {
                noteAttemptInVain(day);
                missed.addAll(days.subList(i, days.size()));
                return missed;
            } catch (KeptException e) {
                log.debug("The logs of {} stay: some came that are to be kept", day);
            } catch (UnavailableException e) {
                if (!SqlFailure.isLockNotAvailable(e)) {
                    throw e;
                }
                log.debug("Maintenance has the logs of {}, they are to go the next time", day);
                missed.add(day);
            }
        }
        attemptsInVain = 0;
        return missed;
    }

    private void drop(LocalDate day, Predicate<LocalDate> condition) {
        long[] begin = {0};
        boolean dropped = inTransaction(transaction, jdbc, () -> {
            if (!keepFromMaintenance(LogSlice.partition(day))) {
                return false;
            }
            keepFromFolding(jdbc);
            check(condition, day);
            // while others still write: what they add meanwhile is seen in the deltas
            forget("interval_counts", "start", day);
            forget("counts", "hour", day);
            forget("day_counts", "day", day);
            forget("count_deltas", "start", day);
            begin[0] = System.nanoTime();
            beAlone();
            check(condition, day);
            forget("count_deltas", "start", day);
            jdbc.execute("DROP TABLE " + LogSlice.partition(day));
            return true;
        });
        if (dropped) {
            log.info(
                    "The logs of {} are dropped, older than they are to be kept or too many; others waited {} ms for it",
                    day,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin[0]));
        }
    }

    /** Returns false when another process has dropped it. */
    private boolean keepFromMaintenance(String partition) {
        try {
            jdbc.execute(KEEP_FROM_MAINTENANCE.formatted(partition));
            return true;
        } catch (DataAccessException e) {
            if (SqlFailure.state(e).equals(UNDEFINED_TABLE)) {
                return false;
            }
            throw e;
        }
    }

    private static void check(Predicate<LocalDate> condition, LocalDate day) {
        if (!condition.test(day)) {
            throw new KeptException();
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
