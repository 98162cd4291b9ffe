package logaggregator.ops;

/** The circuit breakers of the routes of this process. */
public interface Breakers {

    /**
     * One of {@code closed}, {@code open} and {@code half_open}; empty where it doesn't run.
     *
     * @param step id of the step of a route
     */
    String state(String step);
}
