package logaggregator.store;

import logaggregator.Batch;
import logaggregator.UnavailableException;

/** The write side of the persistence of logs. */
public interface LogStore {

    /**
     * Stores a batch in one transaction, each chunk once: a chunk that was stored before is left out.
     *
     * <p>The rejections of a batch that {@linkplain logaggregator.Chunk.Origin#isDoor went past the queue} become dead
     * letters in that transaction.
     *
     * @return the batch marked as safe; or, when it holds records that can never be stored, the batch without these:
     *     then nothing was stored yet and the result is to be appended, once the new rejections of what came from the queue
     *     are taken care of
     * @throws UnavailableException when it isn't known whether it was stored; appending it again is safe
     */
    Batch append(Batch batch);
}
