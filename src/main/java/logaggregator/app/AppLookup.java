package logaggregator.app;

import java.util.Map;
import java.util.Set;
import logaggregator.UnavailableException;

/** What is known of applications before anything is stored: quick, and possibly of a moment ago. */
public interface AppLookup {

    /**
     * Finds applications by id.
     *
     * @return the name of each id that exists
     * @throws UnavailableException when it can't be told now
     */
    Map<Integer, String> find(Set<Integer> ids);

    /** Those of these names that applications have; while nobody can be asked, those of which that was known lately. */
    Set<String> existing(Set<String> names);

    /** As {@link #find}, of those that are known without asking anybody. */
    Map<Integer, String> findKnown(Set<Integer> ids);

    /** As {@link #existing} while nobody can be asked. */
    Set<String> existingKnown(Set<String> names);
}
