package logaggregator.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import logaggregator.support.Database;

/** Looks past the service whether rows are in PostgreSQL at this moment. Thread-safe. */
final class StoredRows {

    private static final int GAP_MS = 50;

    private final Database database;

    StoredRows(Database database) {
        this.database = database;
    }

    /** So that it doesn't read all rows each time. */
    void prepare() {
        database.execute("CREATE INDEX ON logs (message)");
    }

    /** Those of the numbers that have no row; asks until the database answers. */
    TreeSet<Integer> missing(List<Integer> numbers) {
        while (true) {
            try {
                return find(numbers);
            } catch (SQLException e) {
                Pause.millis(GAP_MS);
            }
        }
    }

    private TreeSet<Integer> find(List<Integer> numbers) throws SQLException {
        TreeSet<Integer> missing = new TreeSet<>(numbers);
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
                PreparedStatement statement =
                        connection.prepareStatement("SELECT message FROM logs WHERE message = ANY (?::text[])")) {
            String messages = numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
            statement.setString(1, messages);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    missing.remove(Integer.valueOf(rows.getString(1)));
                }
            }
        }
        return missing;
    }
}
