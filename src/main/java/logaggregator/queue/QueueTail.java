package logaggregator.queue;

import java.time.Duration;
import java.util.List;
import logaggregator.UnavailableException;

/**
 * What comes into the queue, for those who only look on: nothing is taken from it. All methods throw
 * {@link UnavailableException} when it can't be reached.
 */
public interface QueueTail {

    /** The id of the entry that was added last, whether or not it is still there; 0-0 when there was none. */
    String last();

    /** Whether it is certain that all entries that were added after this one are still there. */
    boolean hasAllAfter(String id);

    /** Reads the entries that were added after this one, over a connection of its own. */
    Reading readAfter(String id);

    /** For one thread. */
    interface Reading extends AutoCloseable {

        /**
         * The next few entries, in their order.
         *
         * @param patience how long to wait when there is none yet; zero for not at all
         */
        List<Delivery> next(Duration patience);

        /** Whether there were more entries at the last time than were returned. */
        boolean isBehind();

        @Override
        void close();
    }
}
