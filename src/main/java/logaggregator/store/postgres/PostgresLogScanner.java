package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import logaggregator.QueryCancelledException;
import logaggregator.QueryTimedOutException;
import logaggregator.store.LogFilter;
import logaggregator.store.LogScan;
import logaggregator.store.LogScanner;
import org.springframework.stereotype.Component;

/** Reads logs through a cursor of the server, in a transaction that writes nothing. Thread-safe. */
@Component
class PostgresLogScanner implements LogScanner {

    /**
     * Rows come in the order of an index from the first on, instead of being sorted all before. What the service doesn't
     * wait for any longer (its socket time-out), or what a frozen process left open, the server ends itself.
     */
    private static final String SETTINGS = "SET LOCAL enable_sort = off; SET LOCAL plan_cache_mode = force_custom_plan;"
            + " SET LOCAL statement_timeout = '25s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

    private final DataSource dataSource;
    private final ReaderPlaces places;
    private final int queryTimeout;

    PostgresLogScanner(DataSource dataSource, ReaderPlaces places, DatabaseSettings settings) {
        this.dataSource = dataSource;
        this.places = places;
        this.queryTimeout = settings.queryTimeout();
    }

    @Override
    public LogScan scan(LogFilter filter, boolean newestFirst) {
        FilterSql condition = FilterSql.of(filter);
        String sql = PostgresLogReader.SELECT + condition.text() + " ORDER BY " + PostgresLogReader.order(newestFirst);
        places.take();
        long begin = System.nanoTime();
        try {
            return open(connect(), PostgresRunningQueries.named(sql), condition.values());
        } catch (SQLException e) {
            boolean isOver = System.nanoTime() - begin >= TimeUnit.SECONDS.toNanos(queryTimeout);
            RuntimeException failure = failure(e);
            throw isOver || !(failure instanceof QueryTimedOutException) ? failure : new QueryCancelledException(e);
        }
    }

    private Connection connect() throws SQLException {
        try {
            return dataSource.getConnection();
        } catch (SQLException | RuntimeException e) {
            places.giveBack();
            throw e;
        }
    }

    private LogScan open(Connection connection, String sql, List<Object> values) throws SQLException {
        try {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement settings = connection.createStatement()) {
                settings.execute(SETTINGS);
            }
            PreparedStatement query = connection.prepareStatement(sql);
            query.setFetchSize(PostgresLogScan.FIRST_FETCH);
            query.setQueryTimeout(queryTimeout);
            for (int i = 0; i < values.size(); i++) {
                query.setObject(i + 1, values.get(i));
            }
            return new PostgresLogScan(connection, query.executeQuery(), places);
        } catch (SQLException | RuntimeException e) {
            PostgresLogScan.release(connection, places);
            throw e;
        }
    }

    static RuntimeException failure(SQLException e) {
        return Queries.QUERY_CANCELED.equals(e.getSQLState())
                ? new QueryTimedOutException(e)
                : SqlFailure.unavailable(e);
    }
}
