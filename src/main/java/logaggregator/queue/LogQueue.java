package logaggregator.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logaggregator.Batch;
import logaggregator.Durability;
import logaggregator.UnavailableException;

/** What the rest of the service needs to know of the queue, beside putting entries in and reading them out. */
public interface LogQueue {

    /**
     * How safe an entry is once the queue has taken it; as last read from the server, after each new connection and every
     * half minute.
     */
    Durability durability();

    /**
     * Returns when the queue is as safe as it must be to be used.
     *
     * @throws UnavailableException when it isn't, or can't be reached
     */
    void requireSafe();

    /**
     * Marks a batch whose chunks were all enqueued.
     *
     * @throws UnavailableException when the server turns out not to be as safe as it must be
     */
    default Batch confirm(Batch batch) {
        requireSafe();
        return batch.withDurability(durability());
    }

    /** What endangers records that the queue has accepted, in plain words; as last read from the server. */
    List<String> risks();

    /**
     * How much waits.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    QueueLoad load();

    /**
     * Removes the entries that every consumer group has acknowledged.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    void trim();

    /**
     * Those of the chunks that wait in the queue, with who may ask for them, or an empty text; of chunks that are not
     * traced it isn't known.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    Map<UUID, String> queued(Collection<UUID> chunks);

    /**
     * When the oldest entry that is still in the queue arrived; now, when there is none.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    Instant oldestArrival();

    /**
     * For how long the entry that waits longest has waited to be stored; zero when there is none.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    Duration delay();

    /**
     * What is being stored, or was given to a consumer that has gone.
     *
     * @throws UnavailableException when the queue can't be reached
     */
    Unacknowledged unacknowledged();

    /**
     * Returns when the queue takes what is written.
     *
     * @throws UnavailableException when it doesn't
     */
    void ping();

    /** Where it is, for people; without secrets. */
    String location();
}
