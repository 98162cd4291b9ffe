package logaggregator.query;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import logaggregator.Level;
import logaggregator.store.LogFilter;
import logaggregator.store.LogReader;
import logaggregator.store.LogStats;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reading logs. */
@RestController
@OnApiRole
@RequestMapping("/api/v1")
class LogsController {

    private static final String DEFAULT_LIMIT = "50";
    private static final int MAX_LIMIT = 1_000;

    private final LogReader logs;

    LogsController(LogReader logs) {
        this.logs = logs;
    }

    @GetMapping("/logs")
    @KnownParameters({"app", "app_id", "level", "service", "skip", "limit"})
    List<StoredLog> list(
            @RequestParam(name = "app", required = false) @Nullable String app,
            @RequestParam(name = "app_id", required = false) @Nullable Integer appId,
            @RequestParam(name = "level", required = false) @Nullable String level,
            @RequestParam(name = "service", required = false) @Nullable String service,
            @RequestParam(name = "skip", defaultValue = "0") @Min(0) int skip,
            @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit) {
        String normalized = level == null ? null : Level.normalize(level);
        return logs.find(new LogFilter(app, appId, normalized, service), skip, limit);
    }

    @GetMapping("/stats")
    @KnownParameters({})
    LogStats stats() {
        return logs.stats();
    }
}
