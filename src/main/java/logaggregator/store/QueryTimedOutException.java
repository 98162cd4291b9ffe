package logaggregator.store;

/** A query took longer than {@code QUERY_TIMEOUT} and was ended. */
public class QueryTimedOutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueryTimedOutException(Throwable cause) {
        super("the query took too long", cause);
    }
}
