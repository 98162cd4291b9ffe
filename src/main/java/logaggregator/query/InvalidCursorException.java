package logaggregator.query;

/** A cursor is not one that this service has given out for the same filters. */
class InvalidCursorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidCursorException() {
        super("parameter 'cursor' must be taken from a Link header, and used with the same filters and order");
    }
}
