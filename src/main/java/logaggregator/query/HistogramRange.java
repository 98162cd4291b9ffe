package logaggregator.query;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import logaggregator.search.TimeText;
import logaggregator.store.HistogramBucket;
import logaggregator.store.LogFilter;

/** Which time a histogram shows, and in how long intervals. */
final class HistogramRange {

    static final int MAX_BUCKETS = 2_000;

    private static final Duration DEFAULT_RANGE = Duration.ofDays(1);
    private static final int FITTING_BUCKETS = 60;
    private static final Pattern INTERVAL = Pattern.compile("(\\d{1,6})([smhd])");

    /** Lengths that people like. */
    private static final List<Duration> LENGTHS = Stream.of(
                    "1s", "2s", "5s", "10s", "15s", "30s", "1m", "2m", "5m", "10m", "15m", "30m", "1h", "2h", "3h",
                    "6h", "12h", "1d", "2d", "5d", "10d", "20d", "50d")
            .map(HistogramRange::parse)
            .toList();

    private HistogramRange() {}

    /** The filter with the bounds that it lacks: up to now, from a day before. */
    static LogFilter bounded(LogFilter filter, Instant now) {
        Instant end = filter.end() == null ? now : filter.end();
        Instant start = filter.start() == null ? end.minus(DEFAULT_RANGE) : filter.start();
        if (start.isAfter(end)) {
            throw new InvalidParameterException("parameter 'start_time' must not be after now without 'end_time'");
        }
        return new LogFilter(filter.condition(), start, end);
    }

    /** The shortest interval of the usual ones that makes a picture out of a range. */
    static Duration fitting(LogFilter range) {
        Duration whole = Duration.between(range.start(), range.end());
        return LENGTHS.stream()
                .filter(length -> length.multipliedBy(FITTING_BUCKETS).compareTo(whole) >= 0)
                .findFirst()
                .orElseGet(() -> Duration.ofDays(whole.toDays() / FITTING_BUCKETS + 1));
    }

    /** @throws InvalidParameterException when it isn't one, or makes too many buckets of the range */
    static Duration interval(String text, LogFilter range) {
        Duration interval = parse(text);
        if (HistogramBucket.within(range, interval).limit(MAX_BUCKETS + 1L).count() > MAX_BUCKETS) {
            throw new InvalidParameterException("parameter 'interval' makes more than " + MAX_BUCKETS
                    + " intervals of this time: choose a longer one, or a later 'start_time'");
        }
        return interval;
    }

    private static Duration parse(String text) {
        Matcher interval = INTERVAL.matcher(text);
        if (!interval.matches() || Integer.parseInt(interval.group(1)) == 0) {
            throw new InvalidParameterException(
                    "parameter 'interval' must be a number of seconds, minutes, hours or days, e.g. 30s, 5m, 1h or 1d");
        }
        return TimeText.unit(interval.group(2)).multipliedBy(Integer.parseInt(interval.group(1)));
    }
}
