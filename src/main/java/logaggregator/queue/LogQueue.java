package logaggregator.queue;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
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
     * Those of the chunks that wait in the queue; of chunks that are not traced it isn't known.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    Set<UUID> queued(Collection<UUID> chunks);

    /**
     * Returns when the queue answers.
     *
     * @throws UnavailableException when it doesn't
     */
    void ping();

    /** Where it is, for people; without secrets. */
    String location();
}
