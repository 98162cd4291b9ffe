package logaggregator;

/** A query took longer than it may and was ended. */
public class QueryTimedOutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueryTimedOutException(Throwable cause) {
        super("the query took too long", cause);
    }

    QueryTimedOutException(String message, Throwable cause) {
        super(message, cause);
    }
}
