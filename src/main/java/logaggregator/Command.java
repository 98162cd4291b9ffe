package logaggregator;

import java.util.List;

/** What the program does instead of starting the service when its first argument says so; found by {@link java.util.ServiceLoader}. */
public interface Command {

    /** The first argument. */
    String name();

    /**
     * Does it, and prints what is to be said.
     *
     * @param arguments without the first
     * @return the status that the process ends with
     */
    int run(List<String> arguments);
}
