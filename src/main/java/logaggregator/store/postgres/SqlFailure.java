package logaggregator.store.postgres;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;
import logaggregator.UnavailableException;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Tells a record that can never be stored from a database that can't store now.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
final class SqlFailure {

    /** Data exception, integrity constraint violation. */
    private static final Set<String> RECORD_CLASSES = Set.of("22", "23");

    /** Cardinality violation, program limit exceeded, statement too complex. */
    private static final Set<String> RECORD_CODES = Set.of("21000", "54000", "54001");

    private SqlFailure() {}

    /** True when the data is at fault. Whatever isn't known to be is not: it is tried again rather than given up. */
    static boolean isRecordsFault(SQLException failure) {
        String state = failure.getSQLState();
        return state != null
                && state.length() == 5
                && (RECORD_CLASSES.contains(state.substring(0, 2)) || RECORD_CODES.contains(state));
    }

    /** True when the connection broke or the server ended it. */
    static boolean isConnectionLost(Throwable failure) {
        String state = state(failure);
        return state.startsWith("08") || state.startsWith("57P");
    }

    /** True when the transaction was ended so that another could go on: the same may well succeed now. */
    static boolean isLostToAnother(Throwable failure) {
        String state = state(failure);
        return state.startsWith("40") && !state.equals("40002");
    }

    /** True when others held a lock for longer than it was to be waited for. */
    static boolean isLockNotAvailable(Throwable failure) {
        return state(failure).equals("55P03");
    }

    /** The SQLSTATE of a failure; empty when it has none. */
    static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** Runs a query whose callers are told that the database is unavailable, whatever goes wrong with it. */
    static <T> T orUnavailable(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessException | TransactionException e) {
            throw unavailable(e);
        }
    }

    /** What the callers of the store are told, whatever went wrong with the database. */
    static UnavailableException unavailable(Exception failure) {
        return new UnavailableException("PostgreSQL: " + describe(failure), failure);
    }

    /** What the driver or the database says at the root of it, without the data that it may quote in its details. */
    static String describe(Throwable failure) {
        SQLException deepest = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                deepest = sql;
            }
        }
        if (deepest == null) {
            return firstLine(failure);
        }
        return deepest.getSQLState() == null
                ? firstLine(deepest)
                : firstLine(deepest) + " (SQLSTATE " + deepest.getSQLState() + ")";
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
