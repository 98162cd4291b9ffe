package logaggregator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is really in the database. */
public final class Database {

    private final String jdbcUrl;

    public Database(PostgresProcess postgres) {
        this(postgres, "postgres");
    }

    public Database(PostgresProcess postgres, String name) {
        this.jdbcUrl =
                "jdbc:" + postgres.url().replace("postgres@", "").replaceFirst("[a-z_]+$", name) + "?user=postgres";
    }

    /** A new database beside those of other tests; returns its URL. */
    public static String create(PostgresProcess postgres, String name) {
        new Database(postgres).execute("CREATE DATABASE " + name);
        return postgres.url().replaceFirst("[a-z_]+$", name);
    }

    public String jdbcUrl() {
        return jdbcUrl;
    }

    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public List<String> column(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long number(String sql) {
        return Long.parseLong(column(sql).get(0));
    }

    public long logs(String app) {
        return number("SELECT count(*) FROM logs WHERE app = '" + app + "'");
    }

    /** Waits until so many different ones are stored; tells them apart only when there are enough, since that takes its time. */
    public void awaitAll(String app, int records) {
        Eventually.passes(() -> assertThat(logs(app)).isGreaterThanOrEqualTo(records));
        Eventually.passes(() -> assertThat(differentMessages(app)).isEqualTo(records));
    }

    public long differentMessages(String app) {
        return number("SELECT count(DISTINCT message) FROM logs WHERE app = '" + app + "'");
    }
}
