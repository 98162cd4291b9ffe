package logaggregator.query;

import logaggregator.ledger.Ledger;
import logaggregator.ledger.LedgerBook;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/ledger}: what was accepted, and what became of it. */
@RestController
@OnApiRole
class LedgerController {

    private final LedgerBook book;

    LedgerController(LedgerBook book) {
        this.book = book;
    }

    @GetMapping("/api/v1/ledger")
    @KnownParameters({})
    Ledger ledger() {
        return book.read();
    }
}
