package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import logaggregator.ingest.RejectedRecordException;

/** Any text: a time within the limits, the one that java.time sees where that reads it, or a rejection. */
class TimestampsFuzzTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00.123456Z");
    private static final Instant LATEST = NOW.plus(25, ChronoUnit.HOURS);
    private static final String JSON_NUMBER = "-?(0|[1-9][0-9]{0,400})([.][0-9]{1,400})?([eE][+-]?[0-9]{1,2})?";

    @FuzzTest
    void text(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        Instant expected = ofJavaTime(text);
        try {
            Instant instant = Timestamps.parse(text, NOW);

            assertWithinLimits(instant);
            if (expected != null) {
                assertThat(instant).isEqualTo(expected.truncatedTo(ChronoUnit.MICROS));
            }
        } catch (RejectedRecordException e) {
            assertThat(e.reason()).isIn("invalid_timestamp", "timestamp_out_of_range");
            assertThat(expected == null || expected.isBefore(Instant.EPOCH) || expected.isAfter(LATEST))
                    .as("%s is none of ours", expected)
                    .isTrue();
        }
    }

    @FuzzTest
    void number(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        if (!text.matches(JSON_NUMBER)) {
            return;
        }
        try {
            assertWithinLimits(Timestamps.ofEpoch(new BigDecimal(text), NOW));
        } catch (RejectedRecordException e) {
            assertThat(e.reason()).isEqualTo("timestamp_out_of_range");
        }
    }

    private static void assertWithinLimits(Instant instant) {
        assertThat(instant).isBetween(Instant.EPOCH, LATEST);
        assertThat(instant.truncatedTo(ChronoUnit.MICROS)).isEqualTo(instant);
    }

    private static Instant ofJavaTime(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
