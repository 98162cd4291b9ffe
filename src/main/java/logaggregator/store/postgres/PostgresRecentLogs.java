package logaggregator.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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

    private static final String GAPS = "SELECT folded_at, extract(epoch FROM pause)::float8 FROM count_folds"
            + " WHERE pause > '2 seconds' AND pause > make_interval(secs => ?)"
            + " AND folded_at > now() - interval '1 day' ORDER BY folded_at";

    private static final String PARTS =
            "SELECT stored_by - make_interval(secs => seconds), stored_by, apps.name, level, service, n"
                    + " FROM recent_counts JOIN apps ON apps.id = app_id WHERE stored_by > ?::timestamptz";

    /** With the one before. */
    private static final String FOLDS = "SELECT folded_at, last_id FROM count_folds WHERE folded_at >= coalesce("
            + "(SELECT max(folded_at) FROM count_folds WHERE folded_at <= ?::timestamptz), '-infinity') ORDER BY folded_at";

    /** What a log that was stored since has a larger id than. */
    private static final String LAST_ID_BEFORE = "SELECT coalesce((SELECT last_id FROM count_folds"
            + " WHERE folded_at <= now() - make_interval(secs => ?) ORDER BY folded_at DESC LIMIT 1),"
            + " (SELECT last_id FROM count_folds ORDER BY folded_at LIMIT 1), 0)";

    private final Queries queries;

    PostgresRecentLogs(DataSource dataSource) {
        this.queries = new Queries(dataSource, TIMEOUT_SECONDS);
    }

    @Override
    public Reading read(SortedSet<Integer> windows, Duration shortestGap) {
        Map<Integer, Map<Source, Long>> counts = windows.isEmpty() ? Map.of() : counts(List.copyOf(windows));
        Map<Source, Instant> lastStored = new HashMap<>();
        queries.list(
                        LAST_STORED,
                        List.of(),
                        (row, number) -> Map.entry(
                                new Source(row.getString(1), row.getString(2), row.getString(3)), time(row, 4)))
                .forEach(entry -> lastStored.put(entry.getKey(), entry.getValue()));
        List<Gap> gaps = queries.list(
                GAPS,
                List.of(shortestGap.toMillis() / 1e3),
                (row, number) -> new Gap(time(row, 1), Duration.ofMillis((long) (row.getDouble(2) * 1e3))));
        return queries.list(
                        "SELECT now(), time FROM counted_since",
                        List.of(),
                        (row, number) -> new Reading(time(row, 1), time(row, 2), gaps, counts, lastStored))
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
    public List<Part<Source>> parts(Instant from) {
        return queries.list(
                PARTS,
                List.of(from.toString()),
                (row, number) -> new Part<>(
                        time(row, 1),
                        time(row, 2),
                        new Source(row.getString(3), row.getString(4), row.getString(5)),
                        row.getLong(6)));
    }

    @Override
    public List<Part<String>> searchParts(Expression condition, Instant from, @Nullable SourceField groupBy) {
        record Fold(Instant at, long lastId) {}
        List<Fold> folds =
                queries.list(FOLDS, List.of(from.toString()), (row, number) -> new Fold(time(row, 1), row.getLong(2)));
        if (folds.isEmpty()) {
            return List.of();
        }
        FilterSql filter = FilterSql.of(new LogFilter(condition, null, null))
                .and("id > ?", folds.get(0).lastId());
        List<Object> values = new ArrayList<>();
        values.add(folds.stream().map(Fold::lastId).toArray(Long[]::new));
        values.addAll(filter.values());
        return queries.list(
                "SELECT width_bucket(id - 1, ?::bigint[]) AS fold, " + column(groupBy)
                        + ", count(*), now() FROM logs WHERE " + filter.text() + " GROUP BY 1, 2",
                values,
                (row, number) -> {
                    int before = row.getInt(1);
                    Instant end = before < folds.size() ? folds.get(before).at() : time(row, 4);
                    return new Part<>(folds.get(before - 1).at(), end, row.getString(2), row.getLong(3));
                });
    }

    private static String column(@Nullable SourceField groupBy) {
        return groupBy == null
                ? "''"
                : switch (groupBy) {
                    case APP -> "app";
                    case LEVEL -> "level";
                    case SERVICE -> "service";
                };
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public Map<String, Long> search(Expression condition, int window, @Nullable SourceField groupBy) {
        FilterSql filter = stored(condition, window);
        Map<String, Long> counts = new HashMap<>();
        queries.list(
                        "SELECT " + column(groupBy) + ", count(*) FROM logs WHERE " + filter.text() + " GROUP BY 1",
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
