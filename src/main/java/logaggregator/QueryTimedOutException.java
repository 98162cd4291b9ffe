package logaggregator;

import org.jspecify.annotations.Nullable;

/** A query took longer than it may and was ended. */
public class QueryTimedOutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param cause null when there was no time left for a query */
    public QueryTimedOutException(@Nullable Throwable cause) {
        super("the query took too long", cause);
    }

    QueryTimedOutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
