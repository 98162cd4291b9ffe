package logaggregator.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Pages that were filled since the last time are searched one by one until they have a summary. */
    private static final String SUMMARIZE = "SELECT brin_summarize_new_values(i.indexrelid) FROM pg_index AS i"
            + " JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid WHERE h.inhparent = 'logs_id'::regclass"
            + " AND i.indrelid IN (to_regclass('logs_default'),"
            + " to_regclass('logs_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')))";

    /** Days that ended an hour ago or earlier, the last one first, and what became of an attempt that was broken off. */
    private static final String CLOSED_DAYS = """
            SELECT c.relname, i.indexrelid IS NOT NULL AS left_over
            FROM pg_inherits AS h JOIN pg_class AS c ON c.oid = h.inhrelid
                LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass(c.relname || '_words')
            WHERE h.inhparent = 'logs'::regclass AND c.relname ~ '^logs_[0-9]{8}$'
                AND c.relname < 'logs_' || to_char(now() AT TIME ZONE 'UTC' - interval '1 hour', 'YYYYMMDD')
                AND (i.indexrelid IS NULL OR NOT i.indisvalid)
                AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.relid = c.oid)
            ORDER BY c.relname DESC""";

    private final JdbcTemplate jdbc;
    private final Transactions transaction;
    private final DataSource patient;
    private final boolean indexesWords;
    private final AtomicBoolean isIndexing = new AtomicBoolean();
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

    @Override
    public void refresh() {
        try {
            transaction.execute(status -> {
                // gives way to a VACUUM, which does the same
                jdbc.execute("SET LOCAL lock_timeout = '100ms'");
                jdbc.query(SUMMARIZE, row -> {});
                return true;
            });
        } catch (DataAccessException | TransactionException e) {
            if (!SqlFailure.state(e).equals(LOCK_NOT_AVAILABLE)) {
                throw SqlFailure.unavailable(e);
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
        try (Connection connection = patient.getConnection();
                Statement statement = connection.createStatement()) {
            running = statement;
            List<String[]> days = new ArrayList<>();
            try (var rows = statement.executeQuery(CLOSED_DAYS)) {
                while (rows.next()) {
                    days.add(new String[] {rows.getString(1), rows.getString(2)});
                }
            }
            if (!days.isEmpty()) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
            }
            for (String[] day : days) {
                if (!stopped) {
                    index(statement, day[0], day[1].equals("t"));
                }
            }
        } catch (SQLException e) {
            if (!stopped) {
                log.warn(
                        "The words of days that are over can't be indexed, a search takes longer (SEARCH_INDEX): {}",
                        SqlFailure.describe(e));
            }
        } finally {
            running = null;
            isIndexing.set(false);
        }
    }

    private static void index(Statement statement, String day, boolean hasLeftOver) throws SQLException {
        String index = day + "_words";
        if (hasLeftOver) {
            statement.execute("DROP INDEX CONCURRENTLY IF EXISTS " + index);
        }
        statement.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS " + index + " ON " + day
                + " USING gin (message gin_trgm_ops)");
        log.info("The words of {} are indexed", day);
    }

    @Override
    public void destroy() throws SQLException {
        stopped = true;
        Statement statement = running;
        if (statement != null) {
            statement.cancel();
        }
    }
}
