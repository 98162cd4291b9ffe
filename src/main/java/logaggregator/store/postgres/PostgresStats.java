package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.store.HistogramBucket;
import logaggregator.store.LogFields;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.LogStats;
import logaggregator.store.StatsReader;
import org.springframework.stereotype.Component;

/** Counts logs, all of them of one moment. Thread-safe. */
@Component
class PostgresStats implements StatsReader {

    /** First the number of logs, then the keys, each with null and followed by its values. */
    private static final String METADATA = """
            WITH found AS MATERIALIZED (
                SELECT metadata_ FROM logs WHERE %s ORDER BY timestamp DESC, id DESC LIMIT ?),
            pairs AS MATERIALIZED (
                SELECT key, CASE WHEN jsonb_typeof(value) NOT IN ('object', 'array') AND length(value::text) <= 256
                    THEN value END AS value
                FROM (SELECT metadata_ FROM found LIMIT ?) AS looked_at,
                    jsonb_each(CASE WHEN jsonb_typeof(metadata_) = 'object' THEN metadata_ END)),
            keys AS MATERIALIZED (
                SELECT key, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, key COLLATE "C") AS place
                FROM pairs GROUP BY key ORDER BY place LIMIT ?),
            vals AS (
                SELECT key, value, count(*) AS n,
                    row_number() OVER (PARTITION BY key ORDER BY count(*) DESC, value) AS place
                FROM pairs WHERE value IS NOT NULL AND key IN (SELECT key FROM keys) GROUP BY key, value)
            SELECT NULL AS key, NULL AS value, count(*) AS n, 0 AS key_place, 0 AS place FROM found
            UNION ALL SELECT key, NULL, n, place, 0 FROM keys
            UNION ALL SELECT key, vals.value::text, vals.n, keys.place, vals.place FROM vals JOIN keys USING (key)
                WHERE vals.place <= ?
            ORDER BY key_place, place""";

    /** @param logs how many were found, up to one more than are looked at */
    private record Metadata(List<LogFields.Key> keys, long logs) {}

    private final Snapshots snapshots;

    PostgresStats(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public LogStats stats(LogFilter filter) {
        CountSource source = sourceOfStats(filter);
        return read(source, queries -> stats(source, queries));
    }

    private static CountSource sourceOfStats(LogFilter filter) {
        return CountSource.of(filter, CountSource.Detail.LEVEL_AND_SERVICE);
    }

    private <T> T read(CountSource source, Function<Queries, T> question) {
        return source.readsLogs() ? snapshots.read(question) : snapshots.readNumbers(question);
    }

    private static LogStats stats(CountSource source, Queries queries) {
        Map<String, Long> byLevel = new LinkedHashMap<>();
        Map<String, Long> byService = new LinkedHashMap<>();
        Map<String, Long> byApp = new LinkedHashMap<>();
        long[] total = {0};
        queries.list(
                "SELECT level, service, name, sum(n) FROM"
                        + " (SELECT level, service, app_id, sum(n) AS n FROM (" + source.sql()
                        + ") AS l GROUP BY 1, 2, 3) AS s"
                        + " JOIN apps ON apps.id = app_id"
                        + " GROUP BY GROUPING SETS ((level), (service), (name), ()) HAVING sum(n) > 0 ORDER BY 4 DESC, 1, 2, 3",
                source.values(),
                (row, number) -> {
                    long count = row.getLong(4);
                    if (row.getString(1) != null) {
                        byLevel.put(row.getString(1), count);
                    } else if (row.getString(2) != null) {
                        byService.put(row.getString(2), count);
                    } else if (row.getString(3) != null) {
                        byApp.put(row.getString(3), count);
                    } else {
                        total[0] = count;
                    }
                    return count;
                });
        return new LogStats(total[0], byLevel, byService, byApp);
    }

    @Override
    public List<HistogramBucket> histogram(LogFilter filter, Duration interval) {
        CountSource source = CountSource.of(filter, interval, CountSource.Detail.LEVEL);
        List<Object> values = new ArrayList<>(List.of(interval.toSeconds()));
        values.addAll(source.values());
        Map<Instant, Map<String, Long>> byBucket = new HashMap<>();
        read(
                source,
                queries -> queries.list(
                        "SELECT date_bin(make_interval(secs => ?), time, 'epoch'), level, sum(n) FROM (" + source.sql()
                                + ") AS l" + " GROUP BY 1, 2 HAVING sum(n) > 0 ORDER BY 1, 3 DESC, 2",
                        values,
                        (row, number) -> byBucket.computeIfAbsent(
                                        row.getObject(1, OffsetDateTime.class).toInstant(),
                                        start -> new LinkedHashMap<>())
                                .put(row.getString(2), row.getLong(3))));
        return HistogramBucket.within(filter, interval)
                .map(start -> HistogramBucket.of(start, interval, byBucket.getOrDefault(start, Map.of())))
                .toList();
    }

    @Override
    public LogFields fields(LogFilter filter, int size) {
        return snapshots.read(queries -> {
            LogStats stats = stats(sourceOfStats(filter), queries);
            Metadata metadata = metadata(filter, size, queries);
            return new LogFields(
                    first(size, stats.byLevel()),
                    first(size, stats.byService()),
                    first(size, stats.byApp()),
                    metadata.keys(),
                    Math.min(metadata.logs(), LogFields.MAX_LOOKED_AT),
                    metadata.logs() <= LogFields.MAX_LOOKED_AT);
        });
    }

    private static Metadata metadata(LogFilter filter, int size, Queries queries) {
        LogPage newest = LogPage.newest(LogFields.MAX_LOOKED_AT).andOneMore();
        FilterSql condition = FilterSql.of(filter);
        if (PageBounds.help(filter, newest)) {
            PageBounds.of(filter, newest, queries).addTo(condition);
        }
        List<Object> values = new ArrayList<>(condition.values());
        values.addAll(List.of(newest.limit(), LogFields.MAX_LOOKED_AT, size, size));
        List<LogFields.Key> keys = new ArrayList<>();
        long[] found = {0};
        queries.list(METADATA.formatted(condition.text()), values, (row, number) -> {
            String key = row.getString(1);
            String value = row.getString(2);
            if (key == null) {
                found[0] = row.getLong(3);
            } else if (value == null) {
                keys.add(new LogFields.Key(key, row.getLong(3), new ArrayList<>()));
            } else {
                keys.get(keys.size() - 1).values().add(new LogFields.Value(value, row.getLong(3)));
            }
            return key;
        });
        return new Metadata(keys, found[0]);
    }

    private static Map<String, Long> first(int size, Map<String, Long> counts) {
        Map<String, Long> first = new LinkedHashMap<>();
        counts.entrySet().stream().limit(size).forEach(count -> first.put(count.getKey(), count.getValue()));
        return first;
    }
}
