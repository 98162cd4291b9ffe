package logaggregator.store.postgres;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import logaggregator.QueryCancelledException;
import logaggregator.QueryTimedOutException;
import org.jspecify.annotations.Nullable;
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
    private final PlatformTransactionManager transactions;
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
        this.transactions = transactions;
        this.timeout = Duration.ofSeconds(settings.queryTimeout());
        this.settings = SETTINGS.formatted(settings.queryTimeout());
    }

    /** @param question must run its queries in this thread */
    <T extends @Nullable Object> T read(Function<Queries, T> question) {
        return answer(this::deadline, withLogs(question));
    }

    /** The same, for what asks the tables of numbers only: it waits for nobody who wants the logs for itself. */
    <T extends @Nullable Object> T readNumbers(Function<Queries, T> question) {
        return answer(this::deadline, question);
    }

    /** The same as {@link #read(Function)}, for one of several moments that an answer is made of. */
    <T extends @Nullable Object> T read(long deadline, Function<Queries, T> question) {
        return answer(() -> deadline, withLogs(question));
    }

    /** Until when an answer that begins now may take, as {@link System#nanoTime}. */
    long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    /**
     * The moment begins with the first query, the lock comes before it: logs that move to another partition between the moment
     * and the query that looks there would be seen in neither.
     */
    private static <T extends @Nullable Object> Function<Queries, T> withLogs(Function<Queries, T> question) {
        return queries -> {
            queries.lockLogs();
            return question.apply(queries);
        };
    }

    private <T extends @Nullable Object> T answer(LongSupplier deadlines, Function<Queries, T> question) {
        places.take();
        long deadline = deadlines.getAsLong();
        try {
            return transaction(deadline).execute(status -> {
                jdbc.execute(PostgresRunningQueries.named(settings));
                return question.apply(queries);
            });
        } catch (QueryTimedOutException e) {
            throw left(deadline) > 0 ? new QueryCancelledException(e) : e;
        } catch (TransactionTimedOutException e) {
            throw new QueryTimedOutException(e);
        } catch (DataAccessException | TransactionException e) {
            throw SqlFailure.unavailable(e);
        } finally {
            places.giveBack();
        }
    }

    /** Each of its queries gets what is left of the time. */
    private TransactionTemplate transaction(long deadline) {
        long left = left(deadline);
        if (left <= 0) {
            throw new QueryTimedOutException(null);
        }
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        transaction.setTimeout((int) Duration.ofNanos(left).plusMillis(999).toSeconds());
        return transaction;
    }

    private static long left(long deadline) {
        return deadline - System.nanoTime();
    }
}
