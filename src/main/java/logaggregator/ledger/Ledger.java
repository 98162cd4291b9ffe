package logaggregator.ledger;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The books: what was accepted, and what became of it. */
public record Ledger(@JsonUnwrapped Line total, List<App> apps) {

    /** Those of one application. */
    @Schema(name = "AppLedger")
    public record App(String app, @JsonUnwrapped Line line) {}
}
