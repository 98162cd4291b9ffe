package logaggregator.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import logaggregator.store.LogFilter;
import logaggregator.store.LogReader;
import logaggregator.store.LogStats;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads logs and their counts. Thread-safe. */
@Component
class PostgresLogReader implements LogReader {

    private static final int TIMEOUT_SECONDS = 10;

    private final JdbcTemplate jdbc;

    PostgresLogReader(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
    }

    @Override
    public List<StoredLog> find(LogFilter filter, int skip, int limit) {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        add("app", filter.app(), conditions, values);
        add("app_id", filter.appId(), conditions, values);
        add("level", filter.level(), conditions, values);
        add("service", filter.service(), conditions, values);
        values.add(limit);
        values.add(skip);
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return SqlFailure.orUnavailable(() -> jdbc.query(
                "SELECT id, level, message, timestamp, metadata_, service, app_id, app, received_at FROM logs" + where
                        + " ORDER BY timestamp DESC, id DESC LIMIT ? OFFSET ?",
                (row, number) -> toLog(row),
                values.toArray()));
    }

    private static void add(String column, @Nullable Object value, List<String> conditions, List<Object> values) {
        if (value != null) {
            conditions.add(column + " = ?");
            values.add(value);
        }
    }

    private static StoredLog toLog(ResultSet row) throws SQLException {
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

    @Override
    public LogStats stats() {
        Map<String, Long> byLevel = new LinkedHashMap<>();
        Map<String, Long> byService = new LinkedHashMap<>();
        Map<String, Long> byApp = new LinkedHashMap<>();
        long[] total = {0};
        return SqlFailure.orUnavailable(() -> {
            jdbc.query("""
                    SELECT level, service, apps.name, sum(n)
                    FROM (SELECT * FROM counts UNION ALL SELECT * FROM count_deltas) AS c
                    JOIN apps ON apps.id = c.app_id
                    GROUP BY GROUPING SETS ((level), (service), (apps.name), ())
                    ORDER BY 4 DESC""", row -> {
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
            });
            return new LogStats(total[0], byLevel, byService, byApp);
        });
    }
}
