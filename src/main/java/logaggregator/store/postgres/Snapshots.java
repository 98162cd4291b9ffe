package logaggregator.store.postgres;

import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;
import logaggregator.QueryCancelledException;
import logaggregator.QueryTimedOutException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Answers readers, a few at once: all queries of an answer see the same moment, and together they take no longer than a reader may
 * wait. Thread-safe.
 */
@Component
class Snapshots {

    /** The time-outs are for the server: a process that was killed, or froze, can't end its query. */
    private static final String SETTINGS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
            + " SET LOCAL statement_timeout = '%ds'; SET LOCAL idle_in_transaction_session_timeout = '30s'";

    private final Queries queries;
    private final ReaderPlaces places;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Duration timeout;
    private final String settings;

    Snapshots(
            Queries queries,
            ReaderPlaces places,
            DataSource dataSource,
            PlatformTransactionManager transactions,
            DatabaseSettings settings) {
        this.queries = queries;
        this.places = places;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(transactions);
        // each query gets what is left of it
        this.transaction.setTimeout(settings.queryTimeout());
        this.timeout = Duration.ofSeconds(settings.queryTimeout());
        this.settings = SETTINGS.formatted(settings.queryTimeout());
    }

    /** @param question must run its queries in this thread */
    <T extends @org.jspecify.annotations.Nullable Object> T read(Function<Queries, T> question) {
        places.take();
        long begin = System.nanoTime();
        try {
            return transaction.execute(status -> {
                jdbc.execute(settings);
                return question.apply(queries);
            });
        } catch (QueryTimedOutException e) {
            throw isOver(begin) ? e : new QueryCancelledException(e);
        } catch (TransactionTimedOutException e) {
            throw new QueryTimedOutException(e);
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        } finally {
            places.giveBack();
        }
    }

    private boolean isOver(long begin) {
        return System.nanoTime() - begin >= timeout.toNanos();
    }
}
