package logaggregator.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import logaggregator.search.Expression;
import logaggregator.search.Glob;
import logaggregator.store.CountedLogs;
import logaggregator.store.FoundLogs;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.LogReader;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads logs. Thread-safe. */
@Component
class PostgresLogReader implements LogReader {

    static final String COLUMNS = "id, level, message, timestamp, metadata_, service, app_id, app, received_at";

    static final String SELECT = "SELECT " + COLUMNS + " FROM logs WHERE ";

    /** Of messages and metadata in an answer, whose logs are in memory all at once. */
    private static final int MAX_BYTES = 8 << 20;

    /** What is wanted, up to the first log that is too much. */
    private static final String WITHIN_BYTES = "SELECT " + COLUMNS + ", bytes FROM ("
            + "SELECT *, sum(size) OVER (ORDER BY %1$s ROWS UNBOUNDED PRECEDING) AS bytes FROM ("
            + "SELECT *, octet_length(message) + coalesce(octet_length(metadata_::text), 0) AS size"
            + " FROM (%2$s) AS wanted) AS sized) AS summed"
            + " WHERE bytes - size <= " + MAX_BYTES + " ORDER BY %1$s";

    /** How many days are looked through at a time for an id: each partition is locked meanwhile, and so are its indexes. */
    private static final int DAYS_AT_ONCE = 16;

    private record Row(StoredLog log, long bytes) {}

    private final Snapshots snapshots;

    PostgresLogReader(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public FoundLogs find(LogFilter filter, LogPage page) {
        return snapshots.read(queries -> find(filter, page, queries));
    }

    @Override
    public CountedLogs findAndCount(LogFilter filter, LogPage page) {
        return snapshots.read(queries -> new CountedLogs(find(filter, page, queries), count(filter, queries)));
    }

    /** The numbers must be of the same moment: a log of an application that isn't seen among them would be left out. */
    private static FoundLogs find(LogFilter filter, LogPage page, Queries queries) {
        List<Row> rows = rows(filter, page.andOneMore(), queries);
        boolean more = rows.size() > page.limit() || !fits(rows);
        // one that is too much alone is shown all the same
        List<StoredLog> logs = rows.subList(0, more ? Math.max(1, rows.size() - 1) : rows.size()).stream()
                .map(Row::log)
                .toList();
        return new FoundLogs(logs, more);
    }

    private static List<Row> rows(LogFilter filter, LogPage page, Queries queries) {
        PageBounds bounds = PageBounds.help(filter, page) ? PageBounds.of(filter, page, queries) : PageBounds.NONE;
        if (bounds.areEmpty()) {
            return List.of();
        }
        List<Row> found = rows(filter, page, bounds, queries);
        boolean isCutShort = bounds.areInTime() && fits(found) && found.size() < page.limit();
        return isCutShort ? rows(filter, page, PageBounds.NONE, queries) : found;
    }

    /** Whether there is none that is too much. */
    private static boolean fits(List<Row> rows) {
        return rows.isEmpty() || rows.get(rows.size() - 1).bytes() <= MAX_BYTES;
    }

    private static List<Row> rows(LogFilter filter, LogPage page, PageBounds bounds, Queries queries) {
        FilterSql condition = FilterSql.of(filter);
        bounds.addTo(condition);
        LogPage.Position after = page.after();
        if (after != null) {
            // the first of the two leads to the index, whose order is that of the timestamps only
            String before = page.newestFirst() ? "<" : ">";
            Object time = FilterSql.toSql(after.timestamp());
            condition.and("timestamp " + before + "= ?", time);
            condition.and("(timestamp, id) " + before + " (?, ?)", time, after.id());
        }
        String order = order(page.newestFirst());
        List<Object> values = new ArrayList<>(condition.values());
        values.add(page.limit());
        values.add(page.skip());
        return queries.list(
                WITHIN_BYTES.formatted(order, SELECT + condition.text() + " ORDER BY " + order + " LIMIT ? OFFSET ?"),
                values,
                (row, number) -> new Row(toLog(row), row.getLong("bytes")));
    }

    static String order(boolean newestFirst) {
        return newestFirst ? "timestamp DESC, id DESC" : "timestamp, id";
    }

    private static long count(LogFilter filter, Queries queries) {
        CountSource source = CountSource.of(filter, CountSource.Detail.LEVEL);
        return queries.list(
                        "SELECT coalesce(sum(n), 0) FROM (" + source.sql() + ") AS l",
                        source.values(),
                        (row, number) -> row.getLong(1))
                .get(0);
    }

    @Override
    public @Nullable StoredLog get(long id) {
        return get(id, snapshots.deadline());
    }

    /** Looks through the newest days first, which people ask for, in transactions of their own: each locks some partitions. */
    private @Nullable StoredLog get(long id, long deadline) {
        Instant end = null;
        for (Instant start : snapshots.read(deadline, queries -> DayPartitions.everyNth(DAYS_AT_ONCE, queries))) {
            StoredLog log = get(id, start, end, deadline);
            if (log != null) {
                return log;
            }
            end = start;
        }
        return get(id, null, end, deadline);
    }

    private @Nullable StoredLog get(long id, @Nullable Instant start, @Nullable Instant end, long deadline) {
        FilterSql condition =
                FilterSql.of(new LogFilter(Expression.ALL, start, end)).and("id = ?", id);
        return snapshots
                .read(
                        deadline,
                        queries -> queries.list(
                                SELECT + condition.text(), condition.values(), (row, number) -> toLog(row)))
                .stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<StoredLog> context(long id, int before, int after) {
        long deadline = snapshots.deadline();
        StoredLog log = get(id, deadline);
        return log == null ? List.of() : snapshots.read(deadline, queries -> around(log, before, after, queries));
    }

    private static List<StoredLog> around(StoredLog log, int before, int after, Queries queries) {
        LogFilter same = new LogFilter(
                Expression.and(List.of(
                        new Expression.Text(Expression.TextField.APP, Glob.literal(log.app())),
                        new Expression.Text(Expression.TextField.SERVICE, Glob.literal(log.service())))),
                null,
                null);
        LogPage.Position here = new LogPage.Position(log.timestamp(), log.id());
        List<StoredLog> around = new ArrayList<>();
        if (before > 0) {
            around.addAll(
                    find(same, new LogPage(true, here, 0, before), queries).logs());
            Collections.reverse(around);
        }
        around.add(log);
        if (after > 0) {
            around.addAll(
                    find(same, new LogPage(false, here, 0, after), queries).logs());
        }
        return around;
    }

    static StoredLog toLog(ResultSet row) throws SQLException {
        return new StoredLog(
                row.getLong("id"),
                row.getString("level"),
                row.getString("message"),
                row.getObject("timestamp", OffsetDateTime.class).toInstant(),
                row.getString("metadata_"),
                row.getString("service"),
                row.getInt("app_id"),
                row.getString("app"),
                row.getObject("received_at", OffsetDateTime.class).toInstant());
    }
}
