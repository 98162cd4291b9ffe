package logaggregator.store.postgres;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import logaggregator.Batch;
import logaggregator.store.LogEditor;
import logaggregator.store.LogReader;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Thread-safe. */
@Component
class PostgresLogEditor implements LogEditor {

    private static final String DELETE =
            "WITH gone AS (DELETE FROM logs WHERE id = ? AND timestamp = ? AND " + FilterSql.VISIBLE
                    + " RETURNING " + PostgresLogReader.COLUMNS + "), counted AS ("
                    + LogSlice.COUNT_GONE + ")"
                    + " SELECT " + PostgresLogReader.COLUMNS + " FROM gone";

    private final PostgresLogStore store;
    private final Queries queries;
    private final LogReader reader;
    private final Transactions transaction;

    PostgresLogEditor(
            PostgresLogStore store,
            Queries queries,
            LogReader reader,
            DataSource dataSource,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.queries = queries;
        this.reader = reader;
        this.transaction = new Transactions(transactions, new JdbcTemplate(dataSource));
    }

    @Override
    public Inserted insert(Batch batch) {
        List<StoredLog> logs = new ArrayList<>();
        Batch stored = store.write(batch, rows -> {
            logs.clear();
            logs.addAll(copy(rows));
        });
        return new Inserted(stored, stored.isSafe() ? logs : List.of());
    }

    /** The rows get their ids in their order, though not without gaps. Their times tell the partitions: all others are left alone. */
    private List<StoredLog> copy(List<LogRow> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Instant> times =
                rows.stream().map(row -> row.entry().timestamp()).sorted().toList();
        long before = queries.list(
                        "SELECT nextval(pg_get_serial_sequence('logs', 'id'))",
                        List.of(),
                        (row, number) -> row.getLong(1))
                .get(0);
        store.copy(rows);
        return queries.list(
                "SELECT " + PostgresLogReader.COLUMNS + " FROM logs"
                        + " WHERE id > ? AND xmin = pg_current_xact_id()::xid"
                        + " AND timestamp BETWEEN ? AND ? ORDER BY id",
                List.of(before, FilterSql.toSql(times.get(0)), FilterSql.toSql(times.get(times.size() - 1))),
                (row, number) -> PostgresLogReader.toLog(row));
    }

    /** By its time as well, for the same reason. */
    @Override
    public @Nullable StoredLog delete(long id) {
        StoredLog log = reader.get(id);
        if (log == null) {
            return null;
        }
        List<Object> values = List.of(id, FilterSql.toSql(log.timestamp()));
        return SqlFailure.orUnavailable(() -> transaction.execute(
                status -> queries.list(DELETE, values, (row, number) -> PostgresLogReader.toLog(row)).stream()
                        .findFirst()
                        .orElse(null)));
    }
}
