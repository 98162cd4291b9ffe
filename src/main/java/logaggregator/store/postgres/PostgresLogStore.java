package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Durability;
import logaggregator.Rejection;
import logaggregator.UnavailableException;
import logaggregator.app.AppRegistry;
import logaggregator.store.LogStore;
import org.postgresql.PGConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;

/**
 * Writes a batch by COPY in one transaction together with its receipts and its counts. When the database refuses the data
 * a second transaction, which is always rolled back, tries ever smaller parts until it knows the records at fault.
 * Thread-safe.
 */
@Component("logStore")
class PostgresLogStore implements LogStore {

    /** This many refused records, and more than half of the batch: then it is not the records' fault. */
    private static final int TOO_MANY_REFUSED = 20;

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private final AppRegistry apps;

    PostgresLogStore(DataSource dataSource, PlatformTransactionManager transactions, AppRegistry apps) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new Transactions(transactions, jdbc);
        this.apps = apps;
    }

    @Override
    public Batch append(Batch batch) {
        try {
            List<Rejection> unresolved = transaction.execute(status -> {
                RowResolver resolved = resolve(batch);
                if (!resolved.rejections().isEmpty()) {
                    status.setRollbackOnly();
                } else {
                    copy(resolved.rows());
                    count(resolved.rows());
                }
                return resolved.rejections();
            });
            return unresolved.isEmpty() ? batch.withDurability(Durability.POSTGRES) : batch.without(unresolved);
        } catch (RecordsFaultException e) {
            return batch.without(findRefused(batch));
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    /** Inserts the receipts and resolves the entries of those chunks that had none. */
    private RowResolver resolve(Batch batch) {
        Map<UUID, Chunk> byId = new LinkedHashMap<>();
        // a chunk of which nothing is stored gets no receipt: its producer may mend it and send it again
        batch.chunks().stream()
                .filter(chunk -> !chunk.entries().isEmpty())
                .forEach(chunk -> byId.putIfAbsent(chunk.id(), chunk));
        Set<UUID> fresh = Set.copyOf(jdbc.queryForList(
                // in one order in all transactions: two that insert the same ids don't block each other
                "INSERT INTO receipts (id) SELECT id FROM unnest(?::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING"
                        + " RETURNING id",
                UUID.class,
                (Object) byId.keySet().toArray(new UUID[0])));
        return new RowResolver(
                apps,
                byId.values().stream()
                        .filter(chunk -> fresh.contains(chunk.id()))
                        .toList());
    }

    private void copy(List<LogRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            try {
                copy(connection, rows);
                return null;
            } catch (SQLException e) {
                if (SqlFailure.isRecordsFault(e)) {
                    throw new RecordsFaultException(e);
                }
                throw e;
            }
        });
    }

    private static void copy(Connection connection, List<LogRow> rows) throws SQLException {
        byte[] data = CopyEncoder.encode(rows);
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(CopyEncoder.COPY);
        try {
            copy.writeToCopy(data, 0, data.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void count(List<LogRow> rows) {
        record Key(long hour, int appId, String level, String service) {}
        Map<Key, Long> counts = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> new Key(
                                Math.floorDiv(row.entry().timestamp().getEpochSecond(), 3600L),
                                row.appId(),
                                row.entry().level(),
                                row.entry().service()),
                        Collectors.counting()));
        List<Map.Entry<Key, Long>> cells = List.copyOf(counts.entrySet());
        jdbc.update(
                "INSERT INTO count_deltas (hour, app_id, level, service, n)"
                        + " SELECT to_timestamp(hour * 3600), app_id, level, service, n"
                        + " FROM unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::bigint[])"
                        + " AS c (hour, app_id, level, service, n)",
                cells.stream().map(cell -> cell.getKey().hour()).toArray(Long[]::new),
                cells.stream().map(cell -> cell.getKey().appId()).toArray(Integer[]::new),
                cells.stream().map(cell -> cell.getKey().level()).toArray(String[]::new),
                cells.stream().map(cell -> cell.getKey().service()).toArray(String[]::new),
                cells.stream().map(Map.Entry::getValue).toArray(Long[]::new));
    }

    private List<Rejection> findRefused(Batch batch) {
        try {
            List<Rejection> refused = transaction.execute(status -> {
                status.setRollbackOnly();
                List<LogRow> rows = resolve(batch).rows();
                Search search = new Search(Math.max(TOO_MANY_REFUSED, rows.size() / 2));
                jdbc.execute((ConnectionCallback<Void>) connection -> {
                    search.in(rows, connection);
                    return null;
                });
                return search.refused;
            });
            if (refused.isEmpty()) {
                throw new UnavailableException(
                        "PostgreSQL: a batch was refused, each of its records alone was not",
                        new IllegalStateException("refused as a whole only"));
            }
            return refused;
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    /** Finds the records that the database refuses, by halving. */
    private static final class Search {

        private final int limit;
        private final List<Rejection> refused = new ArrayList<>();

        Search(int limit) {
            this.limit = limit;
        }

        void in(List<LogRow> rows, Connection connection) throws SQLException {
            if (rows.isEmpty()) {
                return;
            }
            Savepoint before = connection.setSavepoint();
            try {
                copy(connection, rows);
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                if (!SqlFailure.isRecordsFault(e)) {
                    throw e;
                }
                connection.rollback(before);
                if (rows.size() > 1) {
                    in(rows.subList(0, rows.size() / 2), connection);
                    in(rows.subList(rows.size() / 2, rows.size()), connection);
                    return;
                }
                refused.add(rows.get(0)
                        .reject("sqlstate_" + e.getSQLState(), "the database refuses it: " + SqlFailure.describe(e)));
                if (refused.size() > limit) {
                    throw e;
                }
            }
        }
    }

    /** The database refuses the data of a batch; which record it is must be found out. */
    private static final class RecordsFaultException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RecordsFaultException(SQLException cause) {
            super(cause);
        }
    }
}
