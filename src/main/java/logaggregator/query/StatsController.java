package logaggregator.query;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.util.List;
import logaggregator.store.HistogramBucket;
import logaggregator.store.LogFields;
import logaggregator.store.LogFilter;
import logaggregator.store.LogStats;
import logaggregator.store.StatsReader;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Counting logs. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/stats")
class StatsController {

    private static final int MAX_SIZE = 100;

    private final StatsReader stats;
    private final Clock clock;

    StatsController(StatsReader stats, Clock clock) {
        this.stats = stats;
        this.clock = clock;
    }

    @GetMapping
    @KnownParameters(
            value = {},
            logFilter = true)
    LogStats stats(LogFilter filter) {
        return stats.stats(filter);
    }

    @GetMapping("/histogram")
    @KnownParameters(
            value = {"interval"},
            logFilter = true)
    List<HistogramBucket> histogram(
            LogFilter filter, @RequestParam(name = "interval", required = false) @Nullable String interval) {
        LogFilter range = HistogramRange.bounded(filter, clock.instant());
        return stats.histogram(
                range, interval == null ? HistogramRange.fitting(range) : HistogramRange.interval(interval, range));
    }

    @GetMapping("/fields")
    @KnownParameters(
            value = {"size"},
            logFilter = true)
    LogFields fields(
            LogFilter filter, @RequestParam(name = "size", defaultValue = "10") @Min(1) @Max(MAX_SIZE) int size) {
        return stats.fields(filter, size);
    }
}
