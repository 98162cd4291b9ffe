package logaggregator.receipt;

/** The records of a request are accepted, and not stored within the time that its producer wanted to wait. */
public class NotStoredYetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotStoredYetException() {
        super("accepted, not yet stored", null, false, false);
    }
}
