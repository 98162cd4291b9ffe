package logaggregator.store.postgres;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Batch;
import logaggregator.store.LogEditor;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Thread-safe. */
@Component
class PostgresLogEditor implements LogEditor {

    private static final String DELETE = "WITH gone AS (DELETE FROM logs WHERE id = ? AND " + FilterSql.VISIBLE
            + " RETURNING " + PostgresLogReader.COLUMNS + "), counted AS ("
            + LogSlice.COUNT_GONE + ")"
            + " SELECT " + PostgresLogReader.COLUMNS + " FROM gone";

    private final PostgresLogStore store;
    private final Queries queries;

    PostgresLogEditor(PostgresLogStore store, Queries queries) {
        this.store = store;
        this.queries = queries;
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

    /** The rows get their ids in their order, though not without gaps. */
    private List<StoredLog> copy(List<LogRow> rows) {
        long before = queries.list(
                        "SELECT nextval(pg_get_serial_sequence('logs', 'id'))",
                        List.of(),
                        (row, number) -> row.getLong(1))
                .get(0);
        store.copy(rows);
        return queries.list(
                "SELECT " + PostgresLogReader.COLUMNS + " FROM logs"
                        + " WHERE id > ? AND xmin = pg_current_xact_id()::xid ORDER BY id",
                List.of(before),
                (row, number) -> PostgresLogReader.toLog(row));
    }

    @Override
    public @Nullable StoredLog delete(long id) {
        return queries.list(DELETE, List.of(id), (row, number) -> PostgresLogReader.toLog(row)).stream()
                .findFirst()
                .orElse(null);
    }
}
