package logaggregator.app;

import java.util.Map;
import java.util.Set;

/** The applications that send logs. */
public interface AppRegistry {

    /**
     * Finds applications by name and creates those that are missing; keeps them from being deleted until the
     * transaction of the caller ends.
     *
     * @return the id of each name
     */
    Map<String, Integer> ensure(Set<String> names);

    /**
     * Finds applications by id; keeps them from being deleted until the transaction of the caller ends.
     *
     * @return the name of each id that exists
     */
    Map<Integer, String> names(Set<Integer> ids);
}
