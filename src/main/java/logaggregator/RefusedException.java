package logaggregator;

/** Not now, and for certain without effect: the queue answered that it doesn't take this at the moment. */
public class RefusedException extends UnavailableException {

    private static final long serialVersionUID = 1L;

    public RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
