package logaggregator.ops;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
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
        Health health = monitor.health();
        boolean tells = access.has(Scope.READ) && access.hasAllApps();
        return ResponseEntity.status(health.status().equals(Health.DOWN) ? 503 : 200)
                .body(tells ? health : health.withoutDetails());
    }
}
