package logaggregator.query;

import logaggregator.store.LogFilter;
import logaggregator.store.LogStats;
import logaggregator.store.StatsReader;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Counting logs. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/stats")
class StatsController {

    private final StatsReader stats;

    StatsController(StatsReader stats) {
        this.stats = stats;
    }

    @GetMapping
    @KnownParameters(
            value = {},
            logFilter = true)
    LogStats stats(LogFilter filter) {
        return stats.stats(filter);
    }
}
