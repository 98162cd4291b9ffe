package logaggregator.explorer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Holds the table of logs, so that every query waits. */
final class HeldTable implements AutoCloseable {

    private final Connection connection;

    HeldTable(String jdbcUrl) {
        try {
            connection = DriverManager.getConnection(jdbcUrl);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE logs IN ACCESS EXCLUSIVE MODE");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
