package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import logaggregator.store.StoreIndexes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;

/**
 * Indexes that are not kept up to date by each write. Thread-safe.
 *
 * @see <a href="https://www.postgresql.org/docs/current/brin.html">BRIN</a>
 * @see <a href="https://www.postgresql.org/docs/current/pgtrgm.html">pg_trgm</a>
 */
@Component("storeIndexes")
class PostgresIndexes implements StoreIndexes, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(PostgresIndexes.class);

    /** Days to which logs still come, and the partition of all that came too late for one. */
    private static final String OPEN = "SELECT i.indexrelid FROM pg_index AS i"
            + " JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid WHERE h.inhparent = 'logs_id'::regclass"
            + " AND i.indrelid IN (to_regclass('logs_default'),"
            + " to_regclass('logs_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')),"
            + " to_regclass('logs_' || to_char(now() AT TIME ZONE 'UTC' - interval '1 day', 'YYYYMMDD')))";

    /** Who holds it makes indexes. It goes with a transaction, since a pooler may give each one another connection. */
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock('day_counts'::regclass::bigint)";

    /** The last day that ended an hour ago or earlier and has no index, and whether an attempt was broken off. */
    private static final String CLOSED_DAY = """
            SELECT c.relname, i.indexrelid IS NOT NULL
            FROM pg_inherits AS h JOIN pg_class AS c ON c.oid = h.inhrelid
                LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass(c.relname || '_words')
            WHERE h.inhparent = 'logs'::regclass AND c.relname ~ '^logs_[0-9]{8}$'
                AND c.relname < 'logs_' || to_char(now() AT TIME ZONE 'UTC' - interval '1 hour', 'YYYYMMDD')
                AND (i.indexrelid IS NULL OR NOT i.indisvalid)
                AND c.relname <> ALL (string_to_array('%s', ','))
                AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS p
                    WHERE p.relid = c.oid AND p.datname = current_database())
            ORDER BY c.relname DESC LIMIT 1""";

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private final DataSource patient;
    private final boolean indexesWords;
    private final AtomicBoolean isIndexing = new AtomicBoolean();

    /** Days of which no index could be made; they are tried again by a process that starts. */
    private final Set<String> failed = new HashSet<>();

    private @Nullable String reported;
    private volatile boolean stopped;
    private volatile @Nullable Statement running;

    PostgresIndexes(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            DatabaseLocation location,
            @Value("${search.index}") boolean indexesWords) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new Transactions(transactions, jdbc);
        this.patient = location.patientDataSource();
        this.indexesWords = indexesWords;
    }

    /** Pages that were filled since the last time are searched one by one until they have a summary. */
    @Override
    public void refresh() {
        try {
            jdbc.queryForList(OPEN, Long.class).forEach(this::summarize);
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        }
    }

    private void summarize(long index) {
        try {
            transaction.execute(status -> {
                // gives way to a VACUUM, which does the same
                jdbc.execute("SET LOCAL lock_timeout = '100ms'");
                jdbc.query("SELECT brin_summarize_new_values(?::oid)", row -> {}, index);
                return true;
            });
        } catch (DataAccessException e) {
            if (!SqlFailure.isLockNotAvailable(e)) {
                throw e;
            }
        }
    }

    /** In a thread of its own, which nobody waits for when the process ends: it may take many minutes. */
    @Override
    public void indexClosedDays() {
        if (indexesWords && !stopped && isIndexing.compareAndSet(false, true)) {
            Thread thread = new Thread(this::index, "index-closed-days");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void index() {
        try (Connection lock = patient.getConnection();
                Connection connection = patient.getConnection();
                Statement statement = connection.createStatement()) {
            running = statement;
            lock.setAutoCommit(false);
            if (isMine(lock)) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
                boolean more = true;
                while (more && !stopped) {
                    more = indexOneDay(statement);
                }
            }
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                log.debug("The words of closed days are indexed when the database is back", e);
            } else {
                report("none at all", e);
            }
        } finally {
            running = null;
            isIndexing.set(false);
        }
    }

    private static boolean isMine(Connection lock) throws SQLException {
        try (Statement statement = lock.createStatement()) {
            boolean mine;
            try (ResultSet row = statement.executeQuery(LOCK)) {
                mine = row.next() && row.getBoolean(1);
            }
            // also ends that query, for whose snapshot the making of an index would wait
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
            return mine;
        }
    }

    private boolean indexOneDay(Statement statement) throws SQLException {
        String day;
        boolean hasLeftOver;
        try (ResultSet row = statement.executeQuery(CLOSED_DAY.formatted(String.join(",", failed)))) {
            if (!row.next()) {
                return false;
            }
            day = row.getString(1);
            hasLeftOver = row.getBoolean(2);
        }
        try {
            String index = day + "_words";
            if (hasLeftOver) {
                statement.execute("DROP INDEX CONCURRENTLY IF EXISTS " + index);
            }
            statement.execute(
                    "CREATE INDEX CONCURRENTLY " + index + " ON " + day + " USING gin (message gin_trgm_ops)");
            log.info("The words of {} are indexed", day);
            return true;
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            failed.add(day);
            report(day, e);
            return true;
        }
    }

    /** Once for each kind of trouble: it is the same every ten minutes. */
    private void report(String what, SQLException e) {
        String trouble = SqlFailure.describe(e);
        if (!stopped && !trouble.equals(reported)) {
            reported = trouble;
            log.warn(
                    "The words of days that are over can't be indexed, so that a search takes longer ({}): {};"
                            + " CREATE EXTENSION pg_trgm by a superuser may help, SEARCH_INDEX=false does without",
                    what,
                    trouble);
        }
    }

    @Override
    public void destroy() {
        stopped = true;
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                log.debug("The making of an index could not be broken off", e);
            }
        }
    }
}
