package logaggregator.store;

import java.time.Instant;
import logaggregator.UnavailableException;

/**
 * What keeps the store in shape, to be called from time to time; any number of processes may do so at the same time. All
 * methods throw {@link UnavailableException} when the database can't be used.
 */
public interface StoreMaintenance {

    /** Makes room for the logs of the next days. */
    void prepareDays();

    /**
     * Forgets the receipts of chunks that can't come again.
     *
     * @param oldestWaiting when the oldest chunk that still waits in the queue arrived there
     */
    void pruneReceipts(Instant oldestWaiting);

    /**
     * Adds up what the writers have counted; only then {@link RecentLogs} knows of it. Waits up to three seconds for others who do
     * so, or keep all from it.
     */
    void foldCounts();

    /** Keeps the numbers of {@link RecentLogs} small, and not for longer than anybody may ask for them. */
    void thinRecentCounts();

    /** Returns when the database answers. */
    void ping();

    /** Where it is, for people; without secrets. */
    String location();
}
