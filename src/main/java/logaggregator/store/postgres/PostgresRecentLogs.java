package logaggregator.store.postgres;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import javax.sql.DataSource;
import logaggregator.search.Expression;
import logaggregator.store.LogFilter;
import logaggregator.store.RecentLogs;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the tables that {@code foldCounts} fills. Thread-safe. */
@Component("recentLogs")
class PostgresRecentLogs implements RecentLogs {

    private static final int TIMEOUT_SECONDS = 2;

    /** Each row under the shortest window that it belongs to: one scan will do for all of them. */
    private static final String COUNTS = "SELECT shortest, apps.name, level, service, n FROM ("
            + "SELECT width_bucket(extract(epoch FROM now() - stored_by)::float8, ?::float8[]) AS shortest, app_id, level,"
            + " service, sum(n) AS n FROM recent_counts WHERE stored_by > now() - make_interval(secs => ?)"
            + " GROUP BY 1, 2, 3, 4) AS c JOIN apps ON apps.id = app_id";

    private static final String LAST_STORED = "SELECT apps.name, level, service, stored_at FROM last_stored"
            + " JOIN apps ON apps.id = app_id WHERE stored_at > now() - interval '7 days'";

    /** What a log that was stored since has a larger id than. */
    private static final String LAST_ID_BEFORE = "SELECT coalesce((SELECT last_id FROM count_folds"
            + " WHERE folded_at <= now() - make_interval(secs => ?) ORDER BY folded_at DESC LIMIT 1),"
            + " (SELECT last_id FROM count_folds ORDER BY folded_at LIMIT 1), 0)";

    private final Queries queries;

    PostgresRecentLogs(DataSource dataSource) {
        this.queries = new Queries(dataSource, TIMEOUT_SECONDS);
    }

    @Override
    public Reading read(SortedSet<Integer> windows) {
        Map<Integer, Map<Source, Long>> counts = windows.isEmpty() ? Map.of() : counts(List.copyOf(windows));
        Map<Source, Instant> lastStored = new HashMap<>();
        queries.list(
                        LAST_STORED,
                        List.of(),
                        (row, number) -> Map.entry(
                                new Source(row.getString(1), row.getString(2), row.getString(3)),
                                row.getObject(4, OffsetDateTime.class).toInstant()))
                .forEach(entry -> lastStored.put(entry.getKey(), entry.getValue()));
        return queries.list(
                        "SELECT now(), time FROM counted_since",
                        List.of(),
                        (row, number) -> new Reading(
                                row.getObject(1, OffsetDateTime.class).toInstant(),
                                row.getObject(2, OffsetDateTime.class).toInstant(),
                                counts,
                                lastStored))
                .get(0);
    }

    private Map<Integer, Map<Source, Long>> counts(List<Integer> windows) {
        record Cell(int shortest, Source source, long n) {}
        Double[] bounds = windows.stream().map(Integer::doubleValue).toArray(Double[]::new);
        List<Cell> cells = queries.list(
                COUNTS,
                List.of(bounds, windows.get(windows.size() - 1).doubleValue()),
                (row, number) -> new Cell(
                        row.getInt(1),
                        new Source(row.getString(2), row.getString(3), row.getString(4)),
                        row.getLong(5)));
        Map<Integer, Map<Source, Long>> counts = new HashMap<>();
        for (int i = 0; i < windows.size(); i++) {
            Map<Source, Long> counted = new LinkedHashMap<>();
            for (Cell cell : cells) {
                if (cell.shortest() <= i) {
                    counted.merge(cell.source(), cell.n(), Long::sum);
                }
            }
            counts.put(windows.get(i), counted);
        }
        return counts;
    }

    @Override
    public Map<String, Long> search(Expression condition, int window, @Nullable SourceField groupBy) {
        FilterSql filter = stored(condition, window);
        String group = groupBy == null
                ? "''"
                : switch (groupBy) {
                    case APP -> "app";
                    case LEVEL -> "level";
                    case SERVICE -> "service";
                };
        Map<String, Long> counts = new HashMap<>();
        queries.list(
                        "SELECT " + group + ", count(*) FROM logs WHERE " + filter.text() + " GROUP BY 1",
                        filter.values(),
                        (row, number) -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    @Override
    public List<String> firstAndLast(Collection<Expression> conditions, int window) {
        FilterSql filter = stored(Expression.and(List.copyOf(conditions)), window);
        String one = "(SELECT message FROM logs WHERE " + filter.text() + " ORDER BY id%s LIMIT 1)";
        List<Object> values = new ArrayList<>(filter.values());
        values.addAll(filter.values());
        return queries.list(
                one.formatted("") + " UNION ALL " + one.formatted(" DESC"), values, (row, number) -> row.getString(1));
    }

    private FilterSql stored(Expression condition, int window) {
        long before = queries.list(LAST_ID_BEFORE, List.of((double) window), (row, number) -> row.getLong(1))
                .get(0);
        return FilterSql.of(new LogFilter(condition, null, null)).and("id > ?", before);
    }
}
