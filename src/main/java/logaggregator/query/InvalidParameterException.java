package logaggregator.query;

/** A query parameter makes no sense; the message says what was expected and is meant for the client. */
class InvalidParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidParameterException(String message) {
        super(message);
    }
}
