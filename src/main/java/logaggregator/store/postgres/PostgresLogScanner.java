package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import logaggregator.store.LogFilter;
import logaggregator.store.LogScan;
import logaggregator.store.LogScanner;
import logaggregator.store.QueryTimedOutException;
import org.springframework.stereotype.Component;

/** Reads logs through a cursor of the server, in a transaction that writes nothing. Thread-safe. */
@Component
class PostgresLogScanner implements LogScanner {

    /** Rows that are held at once; one may have 300 KB. */
    private static final int FETCH_SIZE = 100;

    /**
     * Rows come in the order of an index from the first on, instead of being sorted all before. What the service doesn't
     * wait for any longer (its socket time-out), or what a frozen process left open, the server ends itself.
     */
    private static final String SETTINGS = "SET LOCAL enable_sort = off; SET LOCAL plan_cache_mode = force_custom_plan;"
            + " SET LOCAL statement_timeout = '25s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

    private final DataSource dataSource;
    private final int queryTimeout;

    PostgresLogScanner(DataSource dataSource, DatabaseSettings settings) {
        this.dataSource = dataSource;
        this.queryTimeout = settings.queryTimeout();
    }

    @Override
    public LogScan scan(LogFilter filter, boolean newestFirst) {
        FilterSql condition = FilterSql.of(filter);
        String direction = newestFirst ? " DESC" : "";
        String sql =
                PostgresLogReader.SELECT + condition.text() + " ORDER BY timestamp" + direction + ", id" + direction;
        try {
            return open(sql, condition.values());
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private LogScan open(String sql, List<Object> values) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement settings = connection.createStatement()) {
                settings.execute(SETTINGS);
            }
            PreparedStatement query = connection.prepareStatement(sql);
            query.setFetchSize(FETCH_SIZE);
            query.setQueryTimeout(queryTimeout);
            for (int i = 0; i < values.size(); i++) {
                query.setObject(i + 1, values.get(i));
            }
            return new PostgresLogScan(connection, query.executeQuery());
        } catch (SQLException | RuntimeException e) {
            PostgresLogScan.release(connection);
            throw e;
        }
    }

    static RuntimeException failure(SQLException e) {
        return Queries.QUERY_CANCELED.equals(e.getSQLState())
                ? new QueryTimedOutException(e)
                : SqlFailure.unavailable(e);
    }
}
