package logaggregator.store;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import logaggregator.UnavailableException;

/** Tells what became of chunks. */
public interface ReceiptReader {

    /**
     * Finds the receipts of chunks by their ids.
     *
     * @return those that exist: the others are not settled, or so long ago that it was forgotten
     * @throws UnavailableException when the store can't be asked
     */
    List<Receipt> find(Collection<UUID> chunks);
}
