package logaggregator.store;

import java.util.List;
import logaggregator.Batch;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Stores and deletes logs for somebody who wants to see them. Methods throw {@link UnavailableException} as the store. */
public interface LogEditor {

    /**
     * What became of a batch.
     *
     * @param batch as {@link LogStore#append} returns it
     * @param logs what was stored now, in the order of the batch; nothing when the batch isn't safe
     */
    record Inserted(Batch batch, List<StoredLog> logs) {}

    /** Stores a batch as {@link LogStore#append} does. */
    Inserted insert(Batch batch);

    /** Returns the log that was deleted; null when there is no such log. */
    @Nullable
    StoredLog delete(long id);
}
