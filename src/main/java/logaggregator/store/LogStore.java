package logaggregator.store;

import logaggregator.Batch;
import logaggregator.UnavailableException;

/** The write side of the persistence of logs. */
public interface LogStore {

    /**
     * Stores a batch in one transaction, each chunk once: a chunk that was stored before is left out. In the same one its
     * rejected records become dead letters.
     *
     * @return the batch marked as safe; or, when it holds records that can never be stored, the batch without these:
     *     then nothing was stored yet and the result is to be appended
     * @throws UnavailableException when it isn't known whether it was stored; appending it again is safe
     */
    Batch append(Batch batch);
}
