package logaggregator.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /health}: ok, degraded (a part doesn't work, logs are still accepted) or, with status 503, down. */
@RestController
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
            String status, @JsonProperty("down_since") Map<String, Instant> downSince, Map<String, String> reasons) {}

    @GetMapping("/health")
    ResponseEntity<Health> health() {
        Map<String, Instant> downSince = monitor.downSince();
        String status = downSince.isEmpty() ? "ok" : monitor.isDown() ? "down" : "degraded";
        return ResponseEntity.status(monitor.isDown() ? 503 : 200)
                .body(new Health(status, downSince, monitor.reasons()));
    }
}
