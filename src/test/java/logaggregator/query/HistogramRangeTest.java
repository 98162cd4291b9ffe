package logaggregator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import logaggregator.search.Expression;
import logaggregator.store.HistogramBucket;
import logaggregator.store.LogFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistogramRangeTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:34:56Z");

    private static LogFilter last(Duration range) {
        return new LogFilter(Expression.ALL, NOW.minus(range), NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT1S",
        "PT1M, PT1S",
        "PT15M, PT15S",
        "PT1H, PT1M",
        "PT24H, PT30M",
        "P7D, PT3H",
        "P30D, PT12H",
        "P365D, P10D"
    })
    void some_sixty_intervals_make_a_picture(Duration range, Duration interval) {
        assertThat(HistogramRange.fitting(last(range))).isEqualTo(interval);
    }

    @Test
    void the_longest_range_fits_too() {
        LogFilter all = new LogFilter(
                Expression.ALL, Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"));

        assertThat(HistogramBucket.within(all, HistogramRange.fitting(all)).count())
                .isBetween(30L, 62L);
    }

    @Test
    void the_last_day_is_shown_unless_said_otherwise() {
        Instant early = Instant.parse("2026-01-01T00:00:00Z");
        Duration day = Duration.ofDays(1);

        assertThat(HistogramRange.bounded(LogFilter.ALL, NOW)).isEqualTo(last(day));
        assertThat(HistogramRange.bounded(new LogFilter(Expression.ALL, early, null), NOW))
                .isEqualTo(new LogFilter(Expression.ALL, early, NOW));
        assertThat(HistogramRange.bounded(new LogFilter(Expression.ALL, null, early), NOW))
                .isEqualTo(new LogFilter(Expression.ALL, early.minus(day), early));
    }

    @Test
    void too_many_intervals_are_refused() {
        LogFilter aligned = new LogFilter(
                Expression.ALL, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:33:20Z"));

        assertThat(HistogramRange.interval("1s", aligned)).isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(() -> HistogramRange.interval("1s", last(Duration.ofSeconds(2_001))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("2000");
    }
}
