package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import logaggregator.ledger.Ledger;
import logaggregator.ledger.LedgerBook;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/ledger}: what was accepted, and what became of it. */
@RestController
@OnApiRole
@Tag(name = "Ledger")
class LedgerController {

    private final LedgerBook book;

    LedgerController(LedgerBook book) {
        this.book = book;
    }

    @Operation(
            operationId = "get_ledger",
            summary = "Get the books",
            description =
                    "Numbers of records, in all and per app. While logs move `difference` may be off for a moment; when nothing moves it is 0.")
    @ApiResponse(responseCode = "200", description = "The books", useReturnTypeSchema = true)
    @GetMapping("/api/v1/ledger")
    @KnownParameters({})
    Ledger ledger() {
        return book.read();
    }
}
