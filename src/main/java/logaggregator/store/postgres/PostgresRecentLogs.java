package logaggregator.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import logaggregator.search.Expression;
import logaggregator.store.LogFilter;
import logaggregator.store.RecentLogs;
import logaggregator.store.TooManySourcesException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Reads the tables that {@code foldCounts} fills. Thread-safe. */
@Component("recentLogs")
class PostgresRecentLogs implements RecentLogs {

    private static final int TIMEOUT_SECONDS = 2;
    private static final int MOST_SOURCES = 20_000;
    private static final int MOST_PARTS = 200_000;

    /** Each row under the shortest window that it belongs to: one scan will do for all of them. */
    private static final String COUNTS =
            "width_bucket(extract(epoch FROM now() - stored_by)::float8, ?::float8[]), sum(n)"
                    + " FROM recent_counts JOIN apps ON apps.id = app_id"
                    + " WHERE stored_by > now() - make_interval(secs => ?)";

    private static final String LAST_STORED = "max(stored_at) FROM last_stored JOIN apps ON apps.id = app_id"
            + " WHERE stored_at > now() - interval '7 days'";

    private static final String PARTS = "stored_by - make_interval(secs => seconds), stored_by, sum(n)"
            + " FROM recent_counts JOIN apps ON apps.id = app_id WHERE stored_by > ?::timestamptz";

    private static final String READING = "SELECT now(), time FROM counted_since";

    private static final String GAPS = "SELECT folded_at, extract(epoch FROM pause)::float8 FROM count_folds"
            + " WHERE pause > '2 seconds' AND pause > make_interval(secs => ?)"
            + " AND folded_at > now() - interval '1 day' ORDER BY folded_at";

    /**
     * When the interval begins, and an id that all logs have exceeded which were stored since: the largest by the fold before.
     * The last column says whether that is long before, since nothing was folded for a while.
     */
    private static final String BEGINNING = """
            WITH edge AS (SELECT now() - make_interval(secs => ?) AS time),
            before AS (SELECT last_id FROM count_folds, edge WHERE folded_at <= time ORDER BY folded_at DESC LIMIT 1),
            after AS (SELECT last_id, pause FROM count_folds, edge WHERE folded_at > time ORDER BY folded_at LIMIT 1)
            SELECT time, coalesce((SELECT last_id FROM before), (SELECT last_id FROM after), 0),
                   coalesce((SELECT pause FROM after) > make_interval(secs => ?), false)
            FROM edge""";

    /**
     * The id before those of as many logs as were stored since a time. It can't be reckoned from that number: not each id is
     * that of a log. Both are seen at one moment, with what wasn't folded yet, or newer logs would push out older ones.
     */
    private static final String ID_BEFORE_NEWEST = """
            SELECT id FROM logs WHERE id > ? ORDER BY id DESC LIMIT 1
            OFFSET (SELECT coalesce(sum(n), 0)::bigint FROM recent_counts WHERE stored_by > ?::timestamptz)
                   + (SELECT coalesce(sum(n), 0)::bigint FROM count_deltas WHERE n > 0)""";

    private final Queries queries;
    private final Transactions transaction;

    PostgresRecentLogs(DataSource dataSource, PlatformTransactionManager transactions) {
        this.queries = new Queries(dataSource, TIMEOUT_SECONDS);
        this.transaction = new Transactions(transactions, new JdbcTemplate(dataSource));
    }

    private <T> List<T> list(String sql, List<Object> values, RowMapper<T> mapper) {
        return SqlFailure.orUnavailable(() -> transaction.execute(status -> queries.list(sql, values, mapper)));
    }

    @Override
    public Reading read(Duration shortestGap) {
        List<Gap> gaps = list(
                GAPS,
                List.of(shortestGap.toMillis() / 1e3),
                (row, number) -> new Gap(time(row, 1), Duration.ofMillis((long) (row.getDouble(2) * 1e3))));
        return list(READING, List.of(), (row, number) -> new Reading(time(row, 1), time(row, 2), gaps))
                .get(0);
    }

    @Override
    public Map<Integer, Map<Source, Long>> counts(SortedSet<Integer> windows, Sources sources) {
        record Cell(Source source, int shortest, long n) {}
        List<Cell> cells = bySource(
                sources,
                COUNTS,
                "1, 2, 3, 4",
                List.of(windows.stream().map(Integer::doubleValue).toArray(Double[]::new), (double) windows.last()),
                MOST_SOURCES,
                (row, number) -> new Cell(source(row), row.getInt(4), row.getLong(5)));
        Map<Integer, Map<Source, Long>> counts = new HashMap<>();
        int position = 0;
        for (int window : windows) {
            Map<Source, Long> counted = new HashMap<>();
            for (Cell cell : cells) {
                if (cell.shortest() <= position) {
                    counted.merge(cell.source(), cell.n(), Long::sum);
                }
            }
            counts.put(window, counted);
            position++;
        }
        return counts;
    }

    @Override
    public Map<Source, Instant> lastStored(Sources sources) {
        return bySource(
                        sources,
                        LAST_STORED,
                        "1, 2, 3",
                        List.of(),
                        MOST_SOURCES,
                        (row, number) -> Map.entry(source(row), time(row, 4)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public List<Part> parts(Instant from, Sources sources) {
        return bySource(
                sources,
                PARTS,
                "1, 2, 3, 4, 5",
                List.of(from.toString()),
                MOST_PARTS,
                (row, number) -> new Part(time(row, 4), time(row, 5), source(row), row.getLong(6)));
    }

    /** @param sql what to select besides the columns of the source, from where, and a condition that more may follow */
    private <T> List<T> bySource(
            Sources sources, String sql, String groupBy, List<Object> values, int most, RowMapper<T> mapper) {
        StringBuilder query = new StringBuilder("SELECT ");
        for (SourceField field : SourceField.values()) {
            query.append(sources.fields().contains(field) ? column(field) : "''")
                    .append(", ");
        }
        query.append(sql);
        List<Object> all = new ArrayList<>(values);
        sources.values().forEach((field, some) -> {
            query.append(" AND ").append(column(field)).append(" = ANY (?::text[])");
            all.add(some.toArray(String[]::new));
        });
        query.append(" GROUP BY ").append(groupBy);
        return atMost(most, query.toString(), all, mapper);
    }

    private <T> List<T> atMost(int most, String query, List<Object> values, RowMapper<T> mapper) {
        List<T> rows = list(query + " LIMIT " + (most + 1), values, mapper);
        if (rows.size() > most) {
            throw new TooManySourcesException(most);
        }
        return rows;
    }

    private static String column(SourceField field) {
        return switch (field) {
            case APP -> "apps.name";
            case LEVEL -> "level";
            case SERVICE -> "service";
        };
    }

    private static Source source(ResultSet row) throws SQLException {
        return new Source(row.getString(1), row.getString(2), row.getString(3));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public Map<String, Long> search(
            Expression condition, int window, Duration shortestGap, @Nullable SourceField groupBy) {
        FilterSql filter = stored(condition, window, shortestGap);
        String column = groupBy == null ? "''" : groupBy == SourceField.APP ? "app" : column(groupBy);
        return atMost(
                        MOST_SOURCES,
                        "SELECT " + column + ", count(*) FROM logs WHERE " + filter.text() + " GROUP BY 1",
                        filter.values(),
                        (row, number) -> Map.entry(row.getString(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public List<String> firstAndLast(Collection<Expression> conditions, int window, Duration shortestGap) {
        FilterSql filter = stored(Expression.and(List.copyOf(conditions)), window, shortestGap);
        String one = "(SELECT message FROM logs WHERE " + filter.text() + " ORDER BY id%s LIMIT 1)";
        List<Object> values = new ArrayList<>(filter.values());
        values.addAll(filter.values());
        return list(
                one.formatted("") + " UNION ALL " + one.formatted(" DESC"), values, (row, number) -> row.getString(1));
    }

    private FilterSql stored(Expression condition, int window, Duration shortestGap) {
        Beginning beginning = list(
                        BEGINNING,
                        List.of((double) window, shortestGap.toMillis() / 1e3),
                        (row, number) -> new Beginning(time(row, 1), row.getLong(2), row.getBoolean(3)))
                .get(0);
        return FilterSql.of(new LogFilter(condition, null, null)).and("id > ?", lastIdBefore(beginning));
    }

    private record Beginning(Instant time, long lastId, boolean isInGap) {}

    private long lastIdBefore(Beginning beginning) {
        if (!beginning.isInGap()) {
            return beginning.lastId();
        }
        return list(
                        ID_BEFORE_NEWEST,
                        List.of(beginning.lastId(), beginning.time().toString()),
                        (row, number) -> row.getLong(1))
                .stream()
                .findFirst()
                .orElse(beginning.lastId());
    }
}
