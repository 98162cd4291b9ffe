package logaggregator;

/** A query was ended before its time was up: somebody asked for that. */
public class QueryCancelledException extends QueryTimedOutException {

    private static final long serialVersionUID = 1L;

    public QueryCancelledException(Throwable cause) {
        super("the query was ended", cause);
    }
}
