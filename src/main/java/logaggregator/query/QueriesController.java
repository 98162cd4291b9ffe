package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import logaggregator.access.Access;
import logaggregator.access.Scope;
import logaggregator.store.QueryName;
import logaggregator.store.RunningQueries;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Ending what takes too long. */
@RestController
@OnApiRole
@Tag(name = "Search")
class QueriesController {

    private final RunningQueries queries;

    QueriesController(RunningQueries queries) {
        this.queries = queries;
    }

    /** What was ended. */
    @Schema(name = "CancelledQueries")
    record Cancelled(
            @Schema(description = "How many queries of the database", example = "1")
            int cancelled) {}

    @Operation(
            operationId = "cancel_query",
            summary = "End what one asked under this `Query-Id`",
            description =
                    "In the database, whichever process works for it; whoever waits for it gets 504 `query_cancelled`, an export breaks off. Requests for logs and numbers may name themselves by that header; a name may be used for several at once. A name belongs to the key that asks: only this key, and admins, can end what was asked under it.")
    @ApiResponse(
            responseCode = "200",
            description = "What was ended; 0 when nothing was running, or only what others asked",
            useReturnTypeSchema = true)
    @DeleteMapping("/api/v1/queries/{id}")
    @KnownParameters({})
    Cancelled cancel(@PathVariable("id") UUID id, Access access) {
        return new Cancelled(
                access.has(Scope.ADMIN)
                        ? queries.cancelAnybodys(id)
                        : queries.cancel(new QueryName(id, access.account())));
    }
}
