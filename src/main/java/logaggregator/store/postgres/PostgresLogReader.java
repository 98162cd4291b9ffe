package logaggregator.store.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.LogReader;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads logs. Thread-safe. */
@Component
class PostgresLogReader implements LogReader {

    static final String COLUMNS = "id, level, message, timestamp, metadata_, service, app_id, app, received_at";

    static final String SELECT = "SELECT " + COLUMNS + " FROM logs WHERE ";

    private final Queries queries;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    PostgresLogReader(Queries queries, DataSource dataSource, PlatformTransactionManager transactions) {
        this.queries = queries;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public List<StoredLog> find(LogFilter filter, LogPage page) {
        return PageBounds.help(filter, page)
                ? SqlFailure.orUnavailable(() -> transaction.execute(status -> findWithin(filter, page)))
                : find(filter, page, PageBounds.NONE);
    }

    /** The numbers and the logs of one moment: else a log of an application that wasn't seen among the numbers would be left out. */
    private List<StoredLog> findWithin(LogFilter filter, LogPage page) {
        jdbc.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        PageBounds bounds = PageBounds.of(filter, page, queries);
        if (bounds.apps() != null && bounds.apps().isEmpty()) {
            return List.of();
        }
        List<StoredLog> found = find(filter, page, bounds);
        boolean isCutShort = bounds.since() != null && found.size() < page.limit();
        return isCutShort ? find(filter, page, PageBounds.NONE) : found;
    }

    private List<StoredLog> find(LogFilter filter, LogPage page, PageBounds bounds) {
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
        String direction = page.newestFirst() ? " DESC" : "";
        List<Object> values = new ArrayList<>(condition.values());
        values.add(page.limit());
        values.add(page.skip());
        return queries.list(
                SELECT + condition.text() + " ORDER BY timestamp" + direction + ", id" + direction
                        + " LIMIT ? OFFSET ?",
                values,
                (row, number) -> toLog(row));
    }

    @Override
    public long count(LogFilter filter) {
        CountSource source = CountSource.of(filter, CountSource.Detail.LEVEL);
        return queries.list(
                        "SELECT coalesce(sum(n), 0) FROM (" + source.sql() + ") AS l",
                        source.values(),
                        (row, number) -> row.getLong(1))
                .get(0);
    }

    @Override
    public @Nullable StoredLog get(long id) {
        return queries
                .list(SELECT + "id = ? AND " + FilterSql.VISIBLE, List.of(id), (row, number) -> toLog(row))
                .stream()
                .findFirst()
                .orElse(null);
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
