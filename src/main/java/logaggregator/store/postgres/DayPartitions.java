package logaggregator.store.postgres;

import java.time.LocalDate;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The partitions of the days around today, in UTC and by the clock of the database: ours may be wrong. Thread-safe. */
final class DayPartitions {

    private static final int DAYS_BACK = 1;
    private static final int DAYS_AHEAD = 3;

    private final JdbcTemplate jdbc;
    private final Transactions transaction;

    DayPartitions(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new Transactions(transactions, jdbc);
    }

    /**
     * Makes those that are missing.
     *
     * @throws org.springframework.dao.DataAccessException also when a long query keeps it from one; there are days ahead,
     *     it may be tried again later
     */
    void prepare() {
        LocalDate today =
                Objects.requireNonNull(jdbc.queryForObject("SELECT (now() AT TIME ZONE 'UTC')::date", LocalDate.class));
        for (LocalDate day = today.minusDays(DAYS_BACK);
                !day.isAfter(today.plusDays(DAYS_AHEAD));
                day = day.plusDays(1)) {
            ensure("ensure_logs_partition", day);
            ensure("ensure_receipts_partition", day);
        }
    }

    private void ensure(String function, LocalDate day) {
        transaction.execute(status -> {
            // a new partition needs a lock behind which all others wait as long as it does
            jdbc.execute("SET LOCAL lock_timeout = '500ms'");
            jdbc.query("SELECT " + function + "(?::date)", row -> {}, day.toString());
            return true;
        });
    }
}
