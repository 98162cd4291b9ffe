package logaggregator.store.postgres;

import java.util.Objects;
import javax.sql.DataSource;
import logaggregator.store.StoreFigures;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Thread-safe. */
@Component
class PostgresFigures implements StoreFigures {

    private static final int TIMEOUT_SECONDS = 10;

    private final JdbcTemplate jdbc;

    PostgresFigures(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
    }

    @Override
    public long logs() {
        return number("SELECT coalesce(sum(n), 0) FROM day_counts");
    }

    @Override
    public long bytes() {
        return number("SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits"
                + " WHERE inhparent = 'logs'::regclass");
    }

    private long number(String sql) {
        return Objects.requireNonNull(SqlFailure.orUnavailable(() -> jdbc.queryForObject(sql, Long.class)));
    }
}
