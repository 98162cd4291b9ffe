package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import logaggregator.store.LogScan;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open cursor. */
final class PostgresLogScan implements LogScan {

    private static final Logger log = LoggerFactory.getLogger(PostgresLogScan.class);

    private final Connection connection;
    private final ResultSet rows;

    PostgresLogScan(Connection connection, ResultSet rows) {
        this.connection = connection;
        this.rows = rows;
    }

    @Override
    public @Nullable StoredLog next() {
        try {
            return rows.next() ? PostgresLogReader.toLog(rows) : null;
        } catch (SQLException e) {
            throw PostgresLogScanner.failure(e);
        }
    }

    @Override
    public void close() {
        release(connection);
    }

    /** The end of the transaction ends the cursor. A connection that broke is closed all the same. */
    static void release(Connection connection) {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("A connection that was read from could not be given back", e);
        }
    }
}
