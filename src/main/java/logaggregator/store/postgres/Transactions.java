package logaggregator.store.postgres;

import logaggregator.UnavailableException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs transactions whose statements are bounded in time, on the server too. One that the database ended in favour of
 * another (deadlock, serialization failure) runs again at once, a few times. Thread-safe.
 */
final class Transactions {

    private static final int ATTEMPTS = 4;

    /**
     * The first two end what waits, the third what a process that froze has left open. Each transaction sets them for
     * itself, since a pooler may refuse them as options of the connection.
     */
    private static final String LIMITS = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '25s';"
            + " SET LOCAL idle_in_transaction_session_timeout = '30s'";

    private final TransactionTemplate transaction;
    private final JdbcTemplate jdbc;

    Transactions(PlatformTransactionManager transactions, JdbcTemplate jdbc) {
        this.transaction = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
    }

    /** @param work may run several times, each time in a transaction of its own */
    <T> T execute(TransactionCallback<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.execute(status -> {
                    jdbc.execute(LIMITS);
                    return work.doInTransaction(status);
                });
            } catch (DataAccessException | TransactionException | UnavailableException e) {
                if (attempt == ATTEMPTS || !SqlFailure.isLostToAnother(e)) {
                    throw e;
                }
            }
        }
    }
}
