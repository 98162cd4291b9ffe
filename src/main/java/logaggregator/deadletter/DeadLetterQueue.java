package logaggregator.deadletter;

import logaggregator.Batch;
import logaggregator.UnavailableException;

/** Keeps the records that can't be stored, each with its bytes and the cause. */
public interface DeadLetterQueue {

    /**
     * Adds the rejections of a batch that was read from the queue. A record that was added before is left as it is, so
     * that a batch may be added again after a failure.
     *
     * @throws UnavailableException when it can't be said whether all of them were added
     */
    void add(Batch batch);
}
