package logaggregator.store;

import java.util.UUID;

/** What the database is working on for readers of all processes. */
public interface RunningQueries {

    /**
     * Ends the queries of this {@linkplain QueryName name}, whichever process asked; whoever waits for one is told that it was
     * ended.
     *
     * @return how many
     * @throws logaggregator.UnavailableException when the database can't be asked
     */
    int cancel(QueryName name);

    /** As {@link #cancel}, whoever asked under this id. */
    int cancelAnybodys(UUID id);
}
