package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import logaggregator.access.Access;
import logaggregator.receipt.ReceiptStatus;
import logaggregator.receipt.Receipts;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/receipts/{id}}: whether a chunk is queued, stored or dead-lettered. */
@RestController
@OnApiRole
@Tag(name = "Ingest")
class ReceiptsController {

    private final Receipts receipts;

    ReceiptsController(Receipts receipts) {
        this.receipts = receipts;
    }

    @Operation(
            operationId = "get_receipt",
            summary = "Ask what became of a chunk",
            description =
                    "Of up to 500 records, whose receipt an answer listed; for the key that sent them, and for admins.")
    @ApiResponse(responseCode = "200", description = "What is known of it", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @GetMapping("/api/v1/receipts/{id}")
    @KnownParameters({})
    ReceiptStatus receipt(@PathVariable("id") UUID id, Access access) {
        ReceiptStatus status = receipts.status(id, access);
        if (status == null) {
            throw new NotFoundException("there is no receipt " + id + " of this key, or it was settled long ago");
        }
        return status;
    }
}
