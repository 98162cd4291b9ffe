package logaggregator.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import javax.sql.DataSource;
import logaggregator.store.QueryName;
import logaggregator.store.RunningQueries;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds queries by a comment at their beginning, which PostgreSQL shows to all processes. Thread-safe. */
@Component
class PostgresRunningQueries implements RunningQueries {

    /** An export that waits for its client runs no query that could be cancelled: it loses its connection. */
    private static final String CANCEL = """
            SELECT count(*) FILTER (WHERE CASE state WHEN 'active' THEN pg_cancel_backend(pid)
                WHEN 'idle in transaction' THEN pg_terminate_backend(pid) END) FROM pg_stat_activity
            WHERE usename = current_user AND backend_type = 'client backend' AND starts_with(query, ?)""";

    private final JdbcTemplate jdbc;

    PostgresRunningQueries(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** The SQL under the name that the current thread asks by. */
    static String named(String sql) {
        QueryName name = QueryName.current();
        return name == null ? sql : comment(name) + sql;
    }

    /** The owner as a hash: an account is no text for SQL. */
    private static String comment(QueryName name) {
        return comment(name.id()) + "of " + UUID.nameUUIDFromBytes(name.owner().getBytes(UTF_8)) + " */ ";
    }

    private static String comment(UUID id) {
        return "/* query " + id + " ";
    }

    @Override
    public int cancel(QueryName name) {
        return cancel(comment(name));
    }

    @Override
    public int cancelAnybodys(UUID id) {
        return cancel(comment(id));
    }

    private int cancel(String beginning) {
        return SqlFailure.orUnavailable(() -> jdbc.queryForObject(CANCEL, Integer.class, beginning));
    }
}
