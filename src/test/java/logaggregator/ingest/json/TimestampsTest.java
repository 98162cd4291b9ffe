package logaggregator.ingest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Callable;
import logaggregator.ingest.RejectedRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2025-01-31T12:00:00Z, 2025-01-31T12:00:00Z",
        "2025-01-31T12:00Z, 2025-01-31T12:00:00Z",
        "2025-01-31T14:30:00+02:30, 2025-01-31T12:00:00Z",
        "2025-01-31T07:00:00-05:00, 2025-01-31T12:00:00Z",
        "2025-01-31T14:00:00+0200, 2025-01-31T12:00:00Z",
        "2025-01-31T14:00:00.5+0200, 2025-01-31T12:00:00.5Z",
        "2025-01-31T14:00:00+02, 2025-01-31T12:00:00Z",
        "2025-01-31T12:00:00, 2025-01-31T12:00:00Z",
        "2025-01-31T12:00:00.25, 2025-01-31T12:00:00.25Z",
        "2025-01-31 12:00:00, 2025-01-31T12:00:00Z",
        "2025-01-31 14:00:00+02:00, 2025-01-31T12:00:00Z",
        "2025-01-31 14:00:00+0200, 2025-01-31T12:00:00Z",
        "2025-01-31, 2025-01-31T00:00:00Z",
        "2024-02-29T23:59:59Z, 2024-02-29T23:59:59Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void reads_the_forms_of_iso_8601(String text, Instant expected) throws RejectedRecordException {
        assertThat(Timestamps.parse(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2025-01-31T12:00:00.123456789Z, 2025-01-31T12:00:00.123456Z",
        "2025-01-31T14:00:00.999999999+0200, 2025-01-31T12:00:00.999999Z",
        "2025-01-31T12:00:00.0000001, 2025-01-31T12:00:00Z"
    })
    void truncates_nanoseconds(String text, Instant expected) throws RejectedRecordException {
        assertThat(Timestamps.parse(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2016-12-31T23:59:60Z", "2017-01-01T01:59:60+02:00", "2016-12-31 23:59:60Z"})
    void moves_a_leap_second_to_the_next_second(String text) throws RejectedRecordException {
        assertThat(Timestamps.parse(text, NOW)).isEqualTo("2017-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "now",
                "infinity",
                "-infinity",
                "epoch",
                "today",
                "1738324800",
                "2025",
                "2025-01",
                "12:00:00",
                "2025-02-30",
                "2025-02-30T12:00:00",
                "2025-02-30T12:00:00Z",
                "2025-02-30T12:00:00+0000",
                "2023-02-29T12:00:00Z",
                "2025-04-31T12:00:00Z",
                "2025-13-01T00:00:00Z",
                "2025-00-10T00:00:00Z",
                "2025-01-32T00:00:00Z",
                "2025-01-31T24:00:00Z",
                "2025-01-31T24:00:00+0000",
                "2025-01-31T25:00:00Z",
                "2025-01-31T12:60:00Z",
                "2025-01-31T12:00:61Z",
                "2025-01-31T12:00:00Zulu",
                "2025-01-31T12:00:00Z x",
                "31/01/2025",
                "\u0662\u0660\u0662\u0665-01-31T12:00:00Z"
            })
    void rejects_what_is_no_point_in_time(String text) {
        assertThat(rejectionReason(() -> Timestamps.parse(text, NOW))).isEqualTo("invalid_timestamp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999Z",
                "1970-01-01T00:00:00+00:01",
                "2025-06-02T13:00:00.000001Z",
                "9999-12-31T23:59:59Z"
            })
    void rejects_before_1970_and_more_than_25_hours_ahead(String text) {
        assertThat(rejectionReason(() -> Timestamps.parse(text, NOW))).isEqualTo("timestamp_out_of_range");
    }

    @Test
    void accepts_a_clock_that_runs_25_hours_ahead() throws RejectedRecordException {
        assertThat(Timestamps.parse("2025-06-02T13:00:00Z", NOW)).isEqualTo("2025-06-02T13:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-01-31T12:00:00+99:00", "300000-01-01T00:00:00Z", "+300000-01-01T00:00:00Z"})
    void rejects_offsets_and_years_that_are_not_on_earth(String text) {
        assertThatExceptionOfType(RejectedRecordException.class).isThrownBy(() -> Timestamps.parse(text, NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00Z",
        "1738324800, 2025-01-31T12:00:00Z",
        "1738324800.25, 2025-01-31T12:00:00.25Z",
        "1738324800.123456789, 2025-01-31T12:00:00.123456Z",
        "1.7383248E9, 2025-01-31T12:00:00Z",
        "1738324800123, 2025-01-31T12:00:00.123Z",
        "1738324800123.456, 2025-01-31T12:00:00.123456Z",
        "1738324800123456, 2025-01-31T12:00:00.123456Z",
        "1738324800123456789, 2025-01-31T12:00:00.123456Z",
        "1e18, 2001-09-09T01:46:40Z",
        "100000000000, 1973-03-03T09:46:40Z",
        "1e-300, 1970-01-01T00:00:00Z"
    })
    void tells_the_unit_of_a_number_by_its_size(BigDecimal number, Instant expected) throws RejectedRecordException {
        assertThat(Timestamps.ofEpoch(number, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-0.5",
                "-1738324800",
                "99999999999",
                "99999999999999",
                "99999999999999999",
                "9223372036854775807",
                "9223372036854775808",
                "9999999999999999999",
                "99999999999999999999",
                "1e19",
                "1e308",
                "-1e16",
                "-1e17",
                "-9223372036854775808",
                "-1e308"
            })
    void rejects_numbers_before_1970_and_more_than_25_hours_ahead(BigDecimal number) {
        assertThat(rejectionReason(() -> Timestamps.ofEpoch(number, NOW))).isEqualTo("timestamp_out_of_range");
    }

    @Test
    void answers_any_text_with_a_time_or_a_rejection() {
        long seed = 20250601;
        Random random = new Random(seed);
        String[] forms = {"2025-01-31T12:00:00.123Z", "2025-01-31 14:00:00+0200", "2016-12-31T23:59:60Z", "2025-01-31"};
        String characters = "0123456789-+:.,TZtz W\u0000\u0663\uD83D";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(forms[random.nextInt(forms.length)]);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                char character = characters.charAt(random.nextInt(characters.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(random.nextInt(text.length() + 1), character);
                    case 1 -> text.setCharAt(random.nextInt(text.length()), character);
                    default -> text.setLength(1 + random.nextInt(text.length()));
                }
            }
            try {
                assertThat(Timestamps.parse(text.toString(), NOW)).isBetween(Instant.EPOCH, NOW.plusSeconds(90_000));
            } catch (RejectedRecordException expected) {
                assertThat(expected.at(0).field()).isEqualTo("timestamp");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": \"" + text + '"', e);
            }
        }
    }

    private static String rejectionReason(Callable<Instant> reading) {
        try {
            return "none: taken for " + reading.call();
        } catch (RejectedRecordException e) {
            assertThat(e.at(0).field()).isEqualTo("timestamp");
            return e.at(0).reason();
        } catch (Exception e) {
            throw new AssertionError("no rejection but a failure", e);
        }
    }
}
