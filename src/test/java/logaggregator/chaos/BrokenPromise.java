package logaggregator.chaos;

/** The service did what it says it never does, while something was broken. */
final class BrokenPromise extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenPromise(String message) {
        super(message);
    }
}
