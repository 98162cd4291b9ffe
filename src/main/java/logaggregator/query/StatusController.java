package logaggregator.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import logaggregator.ops.Health;
import logaggregator.ops.HealthMonitor;
import logaggregator.ops.RunningRoutes;
import logaggregator.queue.LogQueue;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/status}: the process that answers. */
@RestController
@OnApiRole
@Tag(name = "Operation")
class StatusController {

    private final HealthMonitor health;
    private final RunningRoutes routes;
    private final LogQueue queue;
    private final List<String> roles;

    StatusController(
            HealthMonitor health, RunningRoutes routes, LogQueue queue, @Value("${app.roles}") List<String> roles) {
        this.health = health;
        this.routes = routes;
        this.queue = queue;
        this.roles = roles;
    }

    /** What is known without asking a server. */
    @Schema(name = "Status")
    record Status(
            @JsonProperty("started_at") Instant startedAt,

            @Schema(description = "What it runs", example = "[\"api\",\"worker\",\"alerts\"]")
            List<String> roles,

            @Schema(description = "How safe logs in the queue are, as `Log-Durability` says it", example = "fsync")
            String durability,

            Health health,
            List<RunningRoutes.State> routes) {}

    @Operation(
            operationId = "get_status",
            summary = "Ask the process that answers what it runs",
            description = "Its roles, what is wrong, as `/health` says it, and the state of its routes.")
    @ApiResponse(responseCode = "200", description = "The process", useReturnTypeSchema = true)
    @GetMapping("/api/v1/status")
    @KnownParameters({})
    Status status() {
        Instant started =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        return new Status(started, roles, queue.durability().token(), health.health(), routes.routes());
    }
}
