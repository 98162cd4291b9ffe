package logaggregator.store.postgres;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The partitions of the days around today, in UTC and by the clock of the database: ours may be wrong. Thread-safe. */
final class DayPartitions {

    private static final String STARTS = "SELECT (right(c.relname, 8)::date)::timestamp AT TIME ZONE 'UTC'"
            + " FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
            + " WHERE i.inhparent = 'logs'::regclass AND c.relname ~ '^logs_[0-9]{8}$' ORDER BY 1 DESC";

    private static final int DAYS_BACK = 1;
    private static final int DAYS_AHEAD = 3;

    private final JdbcTemplate jdbc;
    private final Transactions transaction;

    DayPartitions(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new Transactions(transactions, jdbc);
    }

    /** When the n-th of the newest of them begins, the 2n-th and so on, as far as there are so many. */
    static List<Instant> everyNth(int n, Queries queries) {
        List<Instant> starts = queries.list(STARTS, List.of(), (row, number) -> row.getObject(1, OffsetDateTime.class)
                .toInstant());
        return IntStream.range(0, starts.size())
                .filter(i -> (i + 1) % n == 0)
                .mapToObj(starts::get)
                .toList();
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
