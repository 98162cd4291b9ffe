package logaggregator.query;

/** A query parameter makes no sense; the message says what was expected and is meant for the client. */
class InvalidParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int position;

    InvalidParameterException(String message) {
        this(message, 0);
    }

    /** @param position where in its value, from 1; 0 when it isn't one place */
    InvalidParameterException(String message, int position) {
        super(message);
        this.position = position;
    }

    int position() {
        return position;
    }
}
