package logaggregator.store.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import logaggregator.QueryTimedOutException;
import org.postgresql.PGStatement;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.stereotype.Component;

/** Runs queries: bounded in time, and planned for the values they are asked with. Thread-safe. */
@Component
class Queries {

    static final String QUERY_CANCELED = "57014";

    private final JdbcTemplate jdbc;

    @Autowired
    Queries(DataSource dataSource, DatabaseSettings settings) {
        this(dataSource, settings.queryTimeout());
    }

    /**
     * The caller sees to it that the server bounds them too, in the transaction that they run in: a process that was killed,
     * or froze, can't end its query.
     *
     * @param timeout of each query, in seconds
     */
    Queries(DataSource dataSource, int timeout) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(timeout);
    }

    <T> List<T> list(String sql, List<Object> values, RowMapper<T> mapper) {
        try {
            return jdbc.query(
                    planned(sql),
                    new ArgumentPreparedStatementSetter(values.toArray()),
                    new RowMapperResultSetExtractor<>(mapper));
        } catch (DataAccessException e) {
            throw failure(e);
        }
    }

    /** Keeps the logs where they are until the end of the transaction. */
    void lockLogs() {
        try {
            jdbc.execute(PostgresRunningQueries.named("LOCK TABLE ONLY logs IN ACCESS SHARE MODE"));
        } catch (DataAccessException e) {
            throw failure(e);
        }
    }

    /** A plan for any values would use neither a partial index nor the right partitions. */
    private static PreparedStatementCreator planned(String sql) {
        return connection -> {
            PreparedStatement statement = connection.prepareStatement(PostgresRunningQueries.named(sql));
            try {
                statement.unwrap(PGStatement.class).setPrepareThreshold(0);
                return statement;
            } catch (SQLException e) {
                statement.close();
                throw e;
            }
        };
    }

    static RuntimeException failure(DataAccessException e) {
        return SqlFailure.state(e).equals(QUERY_CANCELED) ? new QueryTimedOutException(e) : SqlFailure.unavailable(e);
    }
}
