package logaggregator.query;

/** The request was understood and is at odds with what is there; the message is meant for the client. */
class ConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code machine-readable, e.g. {@code duplicate_app} */
    ConflictException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}
