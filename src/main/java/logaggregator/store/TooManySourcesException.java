package logaggregator.store;

/** What is asked for is written by more sources than anybody wants to look at one by one. */
public class TooManySourcesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TooManySourcesException(int most) {
        super("more than " + most + " applications, levels or services");
    }
}
