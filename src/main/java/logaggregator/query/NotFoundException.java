package logaggregator.query;

/** What a path names doesn't exist; the message is meant for the client. */
class NotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message);
    }
}
