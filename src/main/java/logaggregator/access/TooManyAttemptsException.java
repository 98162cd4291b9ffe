package logaggregator.access;

/** An address has tried so many wrong keys or sessions that it isn't told whether this one is right. */
public class TooManyAttemptsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TooManyAttemptsException() {
        super("too many attempts without a valid key");
    }
}
