package routes;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import logaggregator.store.Receipt;
import logaggregator.store.ReceiptReader;

/** Knows of no chunk that was stored. */
final class NoReceipts implements ReceiptReader {

    @Override
    public List<Receipt> find(Collection<UUID> chunks) {
        return List.of();
    }
}
