package logaggregator.store.postgres;

import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import logaggregator.store.LogRemoval;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Drops partitions where nothing is to be kept and deletes in slices elsewhere. What there is to remove it learns from the
 * numbers of logs, which follow in the same transaction. Thread-safe.
 */
@Component("logRemoval")
class PostgresLogRemoval implements LogRemoval {

    /** How long one call may begin new transactions: the process must be able to end. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final String NUMBERS =
            "(SELECT day, app_id, n FROM day_counts UNION ALL SELECT start, app_id, n FROM count_deltas) AS c";

    private static final String SLICES = "SELECT c.app_id, (date_trunc('day', c.day, 'UTC') AT TIME ZONE 'UTC')::date"
            + " FROM " + NUMBERS + " JOIN %s AS a ON a.%s = c.app_id WHERE %s"
            + " GROUP BY 1, 2 HAVING sum(n) > 0 ORDER BY 2, 1";

    /** For how many days, with the default as its parameter. */
    private static final String DAYS = "coalesce(a.retention_days, ?)";

    private static final String EXPIRED =
            DAYS + " > 0 AND c.day < ?::timestamptz - make_interval(hours => 24 * " + DAYS + ")";

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private final RetentionSettings settings;
    private final DayDrops drops;
    private volatile int missedDays;

    PostgresLogRemoval(DataSource dataSource, PlatformTransactionManager transactions, RetentionSettings settings) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new Transactions(transactions, jdbc);
        this.settings = settings;
        this.drops = new DayDrops(jdbc, transaction);
    }

    @Override
    public int missedDays() {
        return missedDays;
    }

    @Override
    public void removeDeletedApps() {
        long end = endOfTurn();
        List<Integer> deleted = inTransaction(
                () -> jdbc.queryForList("SELECT app_id FROM app_deletions ORDER BY requested_at", Integer.class));
        for (int app : deleted) {
            List<LogSlice> slices = inTransaction(() -> slicesOf(app));
            // one process at a time works on an application
            boolean all = delete(slices, end, slice -> lockDeletion(app));
            if (all) {
                inTransaction(() -> lockDeletion(app) && slicesOf(app).isEmpty() && forget(app));
            }
        }
    }

    private List<LogSlice> slicesOf(int app) {
        return slices("app_deletions", "app_id", "c.app_id = ?", app);
    }

    private boolean lockDeletion(int app) {
        return !jdbc.queryForList(
                        "SELECT app_id FROM app_deletions WHERE app_id = ? FOR UPDATE SKIP LOCKED", Integer.class, app)
                .isEmpty();
    }

    private boolean forget(int app) {
        DayDrops.keepFromFolding(jdbc);
        for (String numbers : List.of("count_deltas", "interval_counts", "counts", "day_counts")) {
            jdbc.update("DELETE FROM " + numbers + " WHERE app_id = ?", app);
        }
        return jdbc.update("DELETE FROM app_deletions WHERE app_id = ?", app) > 0;
    }

    @Override
    public void removeExpired() {
        long end = endOfTurn();
        LocalDate today = inTransaction(this::today);
        Integer shortest = inTransaction(this::shortestRetention);
        if (shortest == null && settings.maxBytes() == 0) {
            return;
        }
        List<LocalDate> days = drops.days();
        Set<LocalDate> unkept = shortest == null ? Set.of() : unkept(days, today.minusDays(shortest));
        List<LocalDate> others =
                days.stream().filter(day -> !unkept.contains(day)).toList();
        Set<LocalDate> tooMany = settings.maxBytes() > 0 ? oldestBeyond(settings.maxBytes(), others, today) : Set.of();
        List<LocalDate> going =
                Stream.concat(unkept.stream(), tooMany.stream()).sorted().toList();
        List<LocalDate> missed = drops.drop(going, end, day -> tooMany.contains(day) || !isKept(day));
        missedDays = missed.size();
        if (shortest != null) {
            List<LogSlice> slices = inTransaction(
                    () -> slices("apps", "id", EXPIRED, settings.days(), midnight(today), settings.days()));
            delete(
                    slices.stream()
                            .filter(slice -> !missed.contains(slice.day()))
                            .toList(),
                    end,
                    slice -> true);
        }
    }

    private @Nullable Integer shortestRetention() {
        return jdbc.queryForObject(
                "SELECT min(days) FROM (SELECT retention_days FROM apps UNION ALL SELECT ?) AS r (days) WHERE days > 0",
                Integer.class,
                settings.days());
    }

    /** The days before one of which no application keeps anything. */
    private Set<LocalDate> unkept(List<LocalDate> days, LocalDate end) {
        Set<LocalDate> unkept =
                new TreeSet<>(days.stream().filter(day -> day.isBefore(end)).toList());
        if (!unkept.isEmpty()) {
            inTransaction(() -> kept("c.day < ?", midnight(end))).forEach(slice -> unkept.remove(slice.day()));
        }
        return unkept;
    }

    private boolean isKept(LocalDate day) {
        return !kept("c.day >= ? AND c.day < ?", midnight(day), midnight(day.plusDays(1)))
                .isEmpty();
    }

    /** What is to be kept of a time. */
    private List<LogSlice> kept(String time, Object... values) {
        List<Object> all = new ArrayList<>(List.of(values));
        all.addAll(List.of(settings.days(), midnight(today()), settings.days()));
        return slices("apps", "id", time + " AND NOT (" + EXPIRED + ")", all.toArray());
    }

    /** The oldest of some days, as many as make these too many; never today. */
    private Set<LocalDate> oldestBeyond(long maxBytes, List<LocalDate> days, LocalDate today) {
        Map<LocalDate, Long> sizes = new LinkedHashMap<>();
        days.forEach(day -> sizes.put(day, bytes(day)));
        long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
        Set<LocalDate> tooMany = new TreeSet<>();
        for (LocalDate oldest : sizes.keySet()) {
            if (bytes > maxBytes && oldest.isBefore(today)) {
                tooMany.add(oldest);
                bytes -= sizes.get(oldest);
            }
        }
        return tooMany;
    }

    private long bytes(LocalDate day) {
        Long bytes = inTransaction(() -> jdbc.queryForObject(
                "SELECT coalesce(pg_total_relation_size(to_regclass(?)), 0)", Long.class, LogSlice.partition(day)));
        return bytes == null ? 0 : bytes;
    }

    private List<LogSlice> slices(String apps, String id, String condition, Object... values) {
        return jdbc.query(
                SLICES.formatted(apps, id, condition),
                (row, number) -> new LogSlice(row.getInt(1), row.getObject(2, LocalDate.class)),
                values);
    }

    /** Returns whether there was time for all, and every transaction was allowed by {@code allowed}. */
    private boolean delete(List<LogSlice> slices, long end, Predicate<LogSlice> allowed) {
        for (LogSlice slice : slices) {
            int deleted;
            do {
                if (isOver(end)) {
                    return false;
                }
                deleted = inTransaction(() -> allowed.test(slice) ? slice.delete(jdbc) : -1);
            } while (deleted > 0);
            if (deleted < 0) {
                return false;
            }
        }
        return true;
    }

    private static long endOfTurn() {
        return System.nanoTime() + TURN.toNanos();
    }

    private static boolean isOver(long end) {
        return System.nanoTime() - end > 0;
    }

    /** By the clock of the database: one process whose clock is wrong would remove what all others need. */
    private LocalDate today() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT (now() AT TIME ZONE 'UTC')::date", LocalDate.class));
    }

    private static OffsetDateTime midnight(LocalDate day) {
        return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }

    private <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
        return DayDrops.inTransaction(transaction, jdbc, work);
    }
}
