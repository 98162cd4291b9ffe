package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
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
@Tag(name = "Search")
@ApiResponse(responseCode = "504", ref = "#/components/responses/QueryTimeout")
class StatsController {

    private static final int MAX_SIZE = 100;

    private final StatsReader stats;
    private final Clock clock;

    StatsController(StatsReader stats, Clock clock) {
        this.stats = stats;
        this.clock = clock;
    }

    @Operation(operationId = "get_stats", summary = "Count logs by level, service and app")
    @ApiResponse(responseCode = "200", description = "Numbers, largest first", useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters(
            value = {},
            logFilter = true)
    LogStats stats(LogFilter filter) {
        return stats.stats(filter);
    }

    @Operation(operationId = "get_histogram", summary = "Count logs by time and level", description = """
                    Intervals follow one another without gaps and begin at whole multiples in UTC; only logs between `start_time` and
                    `end_time` count, also in the first and the last one. The time is the last 24 hours unless it is given.""")
    @ApiResponse(responseCode = "200", description = "Intervals, oldest first", useReturnTypeSchema = true)
    @GetMapping("/histogram")
    @KnownParameters(
            value = {"interval"},
            logFilter = true)
    List<HistogramBucket> histogram(
            LogFilter filter,
            @Parameter(
                            description =
                                    "A number of `s`, `m`, `h` or `d` that makes up to 2,000 intervals; one that makes about 60 if it is missing",
                            schema = @Schema(type = "string", pattern = "^\\d{1,6}[smhd]$"),
                            example = "1h")
                    @RequestParam(name = "interval", required = false)
                    @Nullable
                    String interval) {
        LogFilter range = HistogramRange.bounded(filter, clock.instant());
        return stats.histogram(
                range, interval == null ? HistogramRange.fitting(range) : HistogramRange.interval(interval, range));
    }

    @Operation(
            operationId = "get_fields",
            summary = "Find the most frequent values of fields and metadata",
            description = "Levels, services and apps of all logs that match, metadata of the newest 10,000 of them.")
    @ApiResponse(responseCode = "200", description = "Values, most frequent first", useReturnTypeSchema = true)
    @GetMapping("/fields")
    @KnownParameters(
            value = {"size"},
            logFilter = true)
    LogFields fields(
            LogFilter filter,
            @Parameter(description = "How many values of each field, and how many keys")
                    @RequestParam(name = "size", defaultValue = "10")
                    @Min(1)
                    @Max(MAX_SIZE)
                    int size) {
        return stats.fields(filter, size);
    }
}
