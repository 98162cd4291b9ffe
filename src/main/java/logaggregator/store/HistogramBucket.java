package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How many logs there are in an interval of time.
 *
 * @param start a multiple of the interval's length since 1970, in UTC
 * @param end timestamps lie before
 * @param byLevel ordered by number, largest first
 */
public record HistogramBucket(
        @Schema(description = "A whole multiple of the interval, in UTC", example = "2026-01-31T10:00:00Z")
        Instant start,

        @Schema(description = "Logs lie before", example = "2026-01-31T11:00:00Z")
        Instant end,

        @Schema(example = "2") long total,

        @JsonProperty("by_level") @Schema(example = "{\"ERROR\":1,\"INFO\":1}")
        Map<String, Long> byLevel) {

    public static HistogramBucket of(Instant start, Duration interval, Map<String, Long> byLevel) {
        long total = byLevel.values().stream().mapToLong(Long::longValue).sum();
        return new HistogramBucket(start, start.plus(interval), total, byLevel);
    }

    /** Where the intervals begin that together hold the time of a filter, which must have a start and an end. */
    public static Stream<Instant> within(LogFilter filter, Duration interval) {
        Instant start = filter.start();
        Instant end = filter.end();
        if (start == null || end == null) {
            throw new IllegalArgumentException("a histogram needs a start and an end");
        }
        long seconds = interval.toSeconds();
        Instant first = Instant.ofEpochSecond(Math.floorDiv(start.getEpochSecond(), seconds) * seconds);
        return start.isBefore(end)
                ? Stream.iterate(first, time -> time.isBefore(end), time -> time.plus(interval))
                : Stream.of();
    }
}
