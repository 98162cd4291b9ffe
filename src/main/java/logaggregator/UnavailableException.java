package logaggregator;

/** Not now: the queue or the database can't be used at the moment. Nothing was stored; the same call may work later. */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
