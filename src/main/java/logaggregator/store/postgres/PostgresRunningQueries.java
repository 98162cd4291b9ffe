package logaggregator.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import logaggregator.store.QueryName;
import logaggregator.store.RunningQueries;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds queries by a comment at their beginning, which PostgreSQL shows to all processes. Thread-safe. */
@Component
class PostgresRunningQueries implements RunningQueries {

    /**
     * An export that waits for its client runs no query that could be cancelled: it loses its connection. Another answer is
     * only for a moment between two queries.
     */
    private static final String CANCEL = """
            SELECT count(*) FILTER (WHERE CASE WHEN state = 'active' THEN pg_cancel_backend(pid)
                WHEN state_change < clock_timestamp() - interval '500 ms' THEN pg_terminate_backend(pid) END), count(*)
            FROM pg_stat_activity
            WHERE usename = current_user AND backend_type = 'client backend' AND starts_with(query, ?)
                AND state IN ('active', 'idle in transaction')""";

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MS = 50;

    private record Ended(int queries, int found) {}

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
        for (int attempt = 1; ; attempt++) {
            Ended ended = Objects.requireNonNull(SqlFailure.orUnavailable(() ->
                    jdbc.queryForObject(CANCEL, (row, number) -> new Ended(row.getInt(1), row.getInt(2)), beginning)));
            if (ended.queries() > 0 || ended.found() == 0 || attempt == ATTEMPTS) {
                return ended.queries();
            }
            LockSupport.parkNanos(PAUSE_MS * 1_000_000);
        }
    }
}
