package logaggregator.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Gives up a connection on which a transaction could not be ended because of the driver: when answers come after it has given
 * up waiting for them, pgjdbc may fail with something else than an SQLException, which the pool doesn't look at. The next
 * transaction must not get to see the answers of that one.
 */
final class PooledTransactionManager extends JdbcTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient HikariDataSource pool;

    PooledTransactionManager(HikariDataSource pool) {
        super(pool);
        this.pool = pool;
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        orEvict(status, () -> super.doCommit(status));
    }

    /** What was ended with its connection needs no end: to fail there would hide why it was ended. */
    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        if (!isClosed(connection(status))) {
            orEvict(status, () -> super.doRollback(status));
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    private static Connection connection(DefaultTransactionStatus status) {
        JdbcTransactionObjectSupport transaction = (JdbcTransactionObjectSupport) status.getTransaction();
        return Objects.requireNonNull(transaction).getConnectionHolder().getConnection();
    }

    private void orEvict(DefaultTransactionStatus status, Runnable end) {
        try {
            end.run();
        } catch (TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            pool.evictConnection(connection(status));
            throw new TransactionSystemException("the driver could not end a transaction", e);
        }
    }
}
