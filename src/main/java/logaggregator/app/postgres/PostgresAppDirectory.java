package logaggregator.app.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import logaggregator.BusyException;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.app.App;
import logaggregator.app.AppDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Applications in table {@code apps}. Thread-safe. */
@Component
class PostgresAppDirectory implements AppDirectory {

    private static final String QUERY_CANCELED = "57014";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** A process that was killed, or froze, can't end its query. */
    private static final String SETTINGS =
            "SET LOCAL statement_timeout = '25s'; SET LOCAL idle_in_transaction_session_timeout = '30s'";

    private static final String COLUMNS = "id, name, description, retention_days";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    PostgresAppDirectory(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            @Value("${database.query-timeout}") int timeout) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(timeout);
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public @Nullable App create(String name, @Nullable String description, @Nullable Integer retentionDays) {
        return one(
                "INSERT INTO apps (name, description, retention_days) VALUES (?, ?, ?)"
                        + " ON CONFLICT DO NOTHING RETURNING " + COLUMNS,
                name,
                description,
                retentionDays);
    }

    @Override
    public List<App> list(@Nullable String name, int after, int skip, int limit) {
        return inTransaction(() -> query(
                "SELECT " + COLUMNS + " FROM apps WHERE id > ? AND (?::text IS NULL OR name = ?)"
                        + " ORDER BY id LIMIT ? OFFSET ?",
                after,
                name,
                name,
                limit,
                skip));
    }

    @Override
    public @Nullable App get(int id) {
        return one("SELECT " + COLUMNS + " FROM apps WHERE id = ?", id);
    }

    @Override
    public @Nullable App update(App app) {
        return one(
                "UPDATE apps SET description = ?, retention_days = ? WHERE id = ? RETURNING " + COLUMNS,
                app.description(),
                app.retentionDays(),
                app.id());
    }

    @Override
    public @Nullable App delete(int id) {
        return inTransaction(() -> {
            // each writer locks the row of its application, and where one follows the other it would never be free:
            // they queue up behind this lock, which therefore must not wait for long
            jdbc.execute("SET LOCAL lock_timeout = '1s'");
            jdbc.execute("LOCK TABLE apps IN EXCLUSIVE MODE");
            return first(
                    "WITH gone AS (DELETE FROM apps WHERE id = ? RETURNING " + COLUMNS + "),"
                            + " noted AS (INSERT INTO app_deletions (app_id, name) SELECT id, name FROM gone)"
                            + " SELECT " + COLUMNS + " FROM gone",
                    id);
        });
    }

    private @Nullable App one(String sql, @Nullable Object... values) {
        return inTransaction(() -> first(sql, values));
    }

    private @Nullable App first(String sql, @Nullable Object... values) {
        return query(sql, values).stream().findFirst().orElse(null);
    }

    private List<App> query(String sql, @Nullable Object... values) {
        return jdbc.query(sql, (row, number) -> toApp(row), values);
    }

    private static App toApp(ResultSet row) throws SQLException {
        return new App(row.getInt(1), row.getString(2), row.getString(3), row.getObject(4, Integer.class));
    }

    private <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
        try {
            return transaction.execute(status -> {
                jdbc.execute(SETTINGS);
                return work.get();
            });
        } catch (DataAccessException | TransactionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(Exception e) {
        String state = NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException sql
                ? String.valueOf(sql.getSQLState())
                : "";
        return switch (state) {
            case QUERY_CANCELED -> new QueryTimedOutException(e);
            case LOCK_NOT_AVAILABLE ->
                new BusyException("apps_busy", "logs are being stored that take longer than a second: try it again");
            default -> new UnavailableException("PostgreSQL: the apps can't be read or changed", e);
        };
    }
}
