package logaggregator;

/** Not now: as many of a kind run already as may. The message is meant for the client. */
public class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code machine-readable */
    public BusyException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
