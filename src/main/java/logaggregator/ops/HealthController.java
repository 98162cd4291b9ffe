package logaggregator.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Map;
import logaggregator.access.Access;
import logaggregator.access.Scope;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /health}: ok, degraded (a part doesn't work, logs are still accepted) or, with status 503, down. */
@RestController
@Tag(name = "Operation")
class HealthController {

    private final HealthMonitor monitor;

    HealthController(HealthMonitor monitor) {
        this.monitor = monitor;
    }

    /**
     * @param downSince by part
     * @param reasons by part; only those that say nothing of the installation
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Health(
            @Schema(allowableValues = {"ok", "degraded", "down"})
            String status,

            @JsonProperty("down_since")
            @Schema(description = "Which parts are down, since when", example = "{\"redis\":\"2026-01-31T12:00:00Z\"}")
            Map<String, Instant> downSince,

            @Schema(description = "Why, of parts that tell") Map<String, String> reasons) {}

    @Operation(
            operationId = "get_health",
            summary = "Ask whether all is well",
            description =
                    "Open to everybody; where keys are asked for, only a key with the scope read, for all apps, is told details.")
    @ApiResponse(
            responseCode = "200",
            description = "`ok`, or `degraded`: a part is down, logs are still accepted",
            useReturnTypeSchema = true)
    @ApiResponse(responseCode = "503", description = "`down`: nothing can be accepted", useReturnTypeSchema = true)
    @GetMapping("/health")
    ResponseEntity<Health> health(Access access) {
        Map<String, Instant> downSince = monitor.downSince();
        String status = downSince.isEmpty() ? "ok" : monitor.isDown() ? "down" : "degraded";
        boolean tells = access.has(Scope.READ) && access.hasAllApps();
        return ResponseEntity.status(monitor.isDown() ? 503 : 200)
                .body(new Health(status, tells ? downSince : Map.of(), tells ? monitor.reasons() : Map.of()));
    }
}
