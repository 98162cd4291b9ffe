package logaggregator.queue;

import java.time.Instant;
import logaggregator.Batch;
import logaggregator.Durability;
import logaggregator.UnavailableException;

/** What the rest of the service needs to know of the queue, beside putting entries in and reading them out. */
public interface LogQueue {

    /** How safe an entry is once the queue has taken it; as last read from the server, half a minute old at most. */
    Durability durability();

    /** Marks a batch whose chunks were all enqueued. */
    default Batch confirm(Batch batch) {
        return batch.withDurability(durability());
    }

    /**
     * Removes the entries that every consumer group has acknowledged.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    void trim();

    /**
     * When the oldest entry that is still in the queue arrived; now, when there is none.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    Instant oldestArrival();

    /**
     * Returns when the queue answers.
     *
     * @throws UnavailableException when it doesn't
     */
    void ping();

    /** Where it is, for people; without secrets. */
    String location();
}
