package logaggregator.query;

import java.util.UUID;
import logaggregator.receipt.ReceiptStatus;
import logaggregator.receipt.Receipts;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/receipts/{id}}: whether a chunk is queued, stored or dead-lettered. */
@RestController
@OnApiRole
class ReceiptsController {

    private final Receipts receipts;

    ReceiptsController(Receipts receipts) {
        this.receipts = receipts;
    }

    @GetMapping("/api/v1/receipts/{id}")
    @KnownParameters({})
    ReceiptStatus receipt(@PathVariable("id") UUID id) {
        ReceiptStatus status = receipts.status(id);
        if (status == null) {
            throw new NotFoundException("there is no receipt " + id + ", or it was settled long ago");
        }
        return status;
    }
}
