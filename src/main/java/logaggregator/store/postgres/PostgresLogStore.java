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
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Durability;
import logaggregator.Rejection;
import logaggregator.UnavailableException;
import logaggregator.app.AppRegistry;
import logaggregator.deadletter.DeadLetters;
import logaggregator.store.LogStore;
import org.postgresql.PGConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;

/**
 * Writes a batch by COPY in one transaction together with its receipts, its counts, its dead letters and its line in the
 * ledger. When the database refuses the data
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
    private final PostgresReceipts receipts;
    private final PostgresAccounts accounts;
    private final DeadLetters deadLetters;
    private final CommitMeter meter;

    PostgresLogStore(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            AppRegistry apps,
            PostgresReceipts receipts,
            PostgresAccounts accounts,
            DeadLetters deadLetters,
            CommitMeter meter) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new Transactions(transactions, jdbc);
        this.apps = apps;
        this.receipts = receipts;
        this.accounts = accounts;
        this.deadLetters = deadLetters;
        this.meter = meter;
    }

    @Override
    public Batch append(Batch batch) {
        return write(batch, this::copy);
    }

    /**
     * Does what {@link #append} does; Camel wouldn't know which is meant if it had the same name.
     *
     * @param writer writes rows in the transaction of the calling thread; may be asked several times
     */
    Batch write(Batch batch, Consumer<List<LogRow>> writer) {
        long startedAt = System.nanoTime();
        try {
            Prepared prepared = transaction.execute(status -> {
                Prepared now = prepare(batch);
                if (!now.rejections().isEmpty()) {
                    status.setRollbackOnly();
                } else {
                    writer.accept(now.rows());
                    count(now.rows());
                    accounts.add(now.claim(), now.rows(), now.repeated());
                    deadLetters.add(now.claim().settled(batch.deadLettered()));
                }
                return now;
            });
            if (!prepared.rejections().isEmpty()) {
                return batch.without(prepared.rejections());
            }
            List<Rejection> dead = prepared.claim().settled(batch.deadLettered());
            meter.committed(prepared.claim().fresh(), prepared.rows(), prepared.duplicates(), dead, startedAt);
            return new Batch(batch.chunks(), dead, Durability.POSTGRES, prepared.duplicates());
        } catch (RecordsFaultException e) {
            return batch.without(findRefused(batch));
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    /**
     * A batch whose receipts are inserted.
     *
     * @param rows what is to be written
     * @param repeated records whose producers named them as they named others that are stored
     */
    private record Prepared(
            PostgresReceipts.Claim claim, List<LogRow> rows, List<LogRow> repeated, List<Rejection> rejections) {

        int duplicates() {
            return repeated.size()
                    + claim.copies().stream().mapToInt(Chunk::size).sum();
        }
    }

    private Prepared prepare(Batch batch) {
        PostgresReceipts.Claim claim = receipts.claim(batch);
        RowResolver resolved = new RowResolver(apps, claim.fresh());
        Map<UUID, LogRow> named = new LinkedHashMap<>();
        resolved.rows().stream()
                .filter(row -> row.entry().idempotencyKey() != null)
                .forEach(row -> named.putIfAbsent(row.identity(), row));
        if (named.isEmpty()) {
            return new Prepared(claim, resolved.rows(), List.of(), resolved.rejections());
        }
        Set<UUID> fresh = receipts.claimRecords(named.keySet());
        List<LogRow> rows = new ArrayList<>();
        List<LogRow> repeated = new ArrayList<>();
        for (LogRow row : resolved.rows()) {
            boolean first = row.entry().idempotencyKey() == null
                    || (named.get(row.identity()) == row && fresh.contains(row.identity()));
            (first ? rows : repeated).add(row);
        }
        return new Prepared(claim, rows, repeated, resolved.rejections());
    }

    void copy(List<LogRow> rows) {
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
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(CopyEncoder.COPY);
        try {
            CopyEncoder.encode(rows, part -> copy.writeToCopy(part, 0, part.length));
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void count(List<LogRow> rows) {
        record Key(long interval, int appId, String level, String service) {}
        Map<Key, Long> counts = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> new Key(
                                Math.floorDiv(
                                        row.entry().timestamp().getEpochSecond(), CountSource.INTERVAL.toSeconds()),
                                row.appId(),
                                row.entry().level(),
                                row.entry().service()),
                        Collectors.counting()));
        List<Map.Entry<Key, Long>> cells = List.copyOf(counts.entrySet());
        jdbc.update(
                "INSERT INTO count_deltas (start, app_id, level, service, n)"
                        + " SELECT to_timestamp(interval * " + CountSource.INTERVAL.toSeconds()
                        + "), app_id, level, service, n"
                        + " FROM unnest(?::bigint[], ?::int[], ?::text[], ?::text[], ?::bigint[])"
                        + " AS c (interval, app_id, level, service, n)",
                cells.stream().map(cell -> cell.getKey().interval()).toArray(Long[]::new),
                cells.stream().map(cell -> cell.getKey().appId()).toArray(Integer[]::new),
                cells.stream().map(cell -> cell.getKey().level()).toArray(String[]::new),
                cells.stream().map(cell -> cell.getKey().service()).toArray(String[]::new),
                cells.stream().map(Map.Entry::getValue).toArray(Long[]::new));
    }

    private List<Rejection> findRefused(Batch batch) {
        try {
            List<Rejection> refused = transaction.execute(status -> {
                status.setRollbackOnly();
                List<LogRow> rows = prepare(batch).rows();
                Search search = new Search(Math.max(TOO_MANY_REFUSED, rows.size() / 2));
                jdbc.execute((ConnectionCallback<Void>) connection -> {
                    search.in(rows, connection);
                    if (!rows.isEmpty() && search.refused.size() == rows.size()) {
                        // not even one that is certainly good: then it is not the records' fault
                        copy(connection, List.of(LogRow.sample(rows.get(0).chunk())));
                    }
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
