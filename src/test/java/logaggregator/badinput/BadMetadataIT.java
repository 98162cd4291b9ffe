package logaggregator.badinput;

import static logaggregator.badinput.BadInput.GOOD;
import static logaggregator.badinput.BadInput.rec;
import static logaggregator.badinput.BadInput.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metadata, numbers and timestamps that aren't as they should be: rows 37 to 49. */
@ExtendWith(Door.class)
class BadMetadataIT {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static Stream<BadInput> metadata() {
        String keys =
                IntStream.range(0, 1_001).mapToObj(i -> "\"" + i + "\":1").collect(Collectors.joining(",", "{", "}"));
        return Stream.of(
                metadata(37, "null", "null", "null"),
                row(37, "metadata absent", GOOD).accepted(1).storing(json("/metadata_", "null")),
                row(37, "metadata array", rec("metadata_", "[]")).rejected("invalid_type"),
                row(37, "metadata scalar", rec("metadata", "1")).rejected("invalid_type"),
                row(38, "metadata of 64 kB", rec("metadata_", filled(65_536))).accepted(1),
                row(38, "metadata too long", rec("metadata_", filled(65_537))).rejected("metadata_too_large"),
                row(38, "1,000 keys", rec("metadata_", keys.replace("\"0\":1,", "")))
                        .accepted(1),
                row(38, "1,001 keys", rec("metadata_", keys)).rejected("metadata_too_large"),
                row(38, "longest key", rec("metadata_", "{\"" + "k".repeat(1_024) + "\":1}"))
                        .accepted(1),
                row(38, "key too long", rec("metadata_", "{\"" + "k".repeat(1_025) + "\":1}"))
                        .rejected("metadata_too_large"),
                metadata(43, "unknown field kept", rec("host", "{\"name\":\"h1\"}"), "{\"host\":{\"name\":\"h1\"}}"),
                metadata(44, "__proto__", "{\"__proto__\":{\"x\":1}}", "{\"__proto__\":{\"x\":1}}"),
                metadata(44, "constructor", "{\"constructor\":1}", "{\"constructor\":1}"),
                metadata(44, "@class", "{\"@class\":\"java.io.File\"}", "{\"@class\":\"java.io.File\"}"),
                metadata(44, "@type", "{\"@type\":[\"java.io.File\",\"x\"]}", "{\"@type\":[\"java.io.File\",\"x\"]}"));
    }

    private static Stream<BadInput> depths() {
        return Stream.of(
                row(39, "64 levels", rec("metadata_", deep(64))).accepted(1),
                row(39, "65 levels", rec("metadata_", deep(65))).rejected("too_deep"),
                row(39, "1,001 levels", rec("metadata_", deep(1_001))).rejected("too_deep"),
                row(39, "100,000 levels", rec("metadata_", deep(100_000))).rejected("too_deep"),
                row(39, "65 levels in an array", "[" + GOOD + "," + rec("metadata_", deep(65)) + "]")
                        .rejectedBut(1, "too_deep"),
                row(39, "1,001 levels in an array", "[" + rec("metadata_", deep(1_001)) + "]")
                        .refused(400, "too_deep"),
                row(39, "100,000 levels in an array", "[" + rec("metadata_", deep(100_000)) + "]")
                        .refused(400, "too_deep"),
                row(39, "nothing but 100,000 levels", "[".repeat(100_000)).refused(400, "too_deep"));
    }

    private static Stream<BadInput> numbers() {
        String digits = "1".repeat(1_001);
        return Stream.of(
                row(40, "1,001 digits", rec("n", digits)).rejected("number_too_long"),
                row(40, "1,001 digits in an array", "[" + rec("n", digits) + "]")
                        .refused(400, "number_too_long"),
                row(41, "1e131071", rec("n", "1e131071")).rejected("number_out_of_range"),
                row(42, "1e400000", rec("metadata", "{\"n\":1e400000}")).rejected("number_out_of_range"),
                metadata(42, "-0", "{\"n\":-0}", "{\"n\":0}"),
                metadata(42, "1.0", "{\"n\":1.0}", "{\"n\":1.0}"),
                metadata(42, "1e2", "{\"n\":1e2}", "{\"n\":100}"),
                metadata(42, "2^53+1", "{\"n\":9007199254740993}", "{\"n\":9007199254740993}"),
                metadata(42, "20 decimals", "{\"n\":0.12345678901234567891}", "{\"n\":0.12345678901234567891}"));
    }

    private static Stream<BadInput> badTimestamps() {
        Stream<BadInput> invalid = Stream.of(
                        "2024-02-30T00:00:00Z",
                        "2024-01-01T24:00:01Z",
                        "2024-13-01T00:00:00Z",
                        "1717243200",
                        "now",
                        "infinity",
                        "epoch",
                        "today",
                        "")
                .map(text -> row(46, text, rec("timestamp", '"' + text + '"')).rejected("invalid_timestamp"));
        Stream<BadInput> range = Stream.of("0000-01-01T00:00:00Z", "9999-01-01T00:00:00Z")
                .map(text -> row(47, text, rec("timestamp", '"' + text + '"')).rejected("timestamp_out_of_range"));
        Stream<BadInput> unreadable = Stream.of("300000-01-01T00:00:00Z", "2024-01-01T00:00:00+99:00")
                .map(text -> row(47, text, rec("timestamp", '"' + text + '"')).rejected("invalid_timestamp"));
        Stream<BadInput> numbers = Stream.of("-1", "9223372036854775807", "99999999999999999999", "9e307")
                .map(number -> row(48, number, rec("timestamp", number)).rejected("timestamp_out_of_range"));
        String future = NOW.plus(26, ChronoUnit.HOURS).toString();
        return Stream.of(
                        invalid,
                        range,
                        unreadable,
                        numbers,
                        Stream.of(row(49, "a day and more ahead", rec("timestamp", '"' + future + '"'))
                                .rejected("timestamp_out_of_range")))
                .flatMap(rows -> rows);
    }

    private static Stream<BadInput> goodTimestamps() {
        long seconds = NOW.getEpochSecond();
        return Stream.of(
                row(45, "timestamp absent", GOOD).accepted(1).storing(logs -> assertThat(
                                logs.get(0).get("timestamp"))
                        .isEqualTo(logs.get(0).get("received_at"))),
                timestamp(47, "\"2016-12-31T23:59:60Z\"", "2017-01-01T00:00:00Z"),
                timestamp(48, Long.toString(seconds), NOW.toString()),
                timestamp(48, seconds + ".25", NOW.plusMillis(250).toString()),
                timestamp(48, seconds + "123", NOW.plusMillis(123).toString()),
                timestamp(
                        48,
                        seconds + "123456",
                        NOW.plus(123_456, ChronoUnit.MICROS).toString()),
                timestamp(
                        48,
                        seconds + "123456789",
                        NOW.plus(123_456, ChronoUnit.MICROS).toString()),
                timestamp(49, "\"2024-06-01T12:00:00\"", "2024-06-01T12:00:00Z"),
                timestamp(49, "\"2024-06-01T12:00:00.123456789Z\"", "2024-06-01T12:00:00.123456Z"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"metadata", "depths", "numbers", "badTimestamps", "goodTimestamps"})
    void is_answered_as_it_deserves(BadInput input) {
        Door.check(input);
    }

    private static BadInput metadata(int row, String what, String sent, String stored) {
        String body = sent.startsWith("{\"level\"") || sent.contains("\"app\"") ? sent : rec("metadata_", sent);
        return row(row, what, body).accepted(1).storing(json("/metadata_", stored));
    }

    private static BadInput timestamp(int row, String sent, String stored) {
        return row(row, "timestamp " + sent, rec("timestamp", sent)).accepted(1).storing(logs -> assertThat(
                        Instant.parse(logs.get(0).get("timestamp").asText()))
                .isEqualTo(stored));
    }

    private static Consumer<List<JsonNode>> json(String pointer, String expected) {
        return logs -> assertThat(logs.get(0).at(pointer).toString()).isEqualTo(expected);
    }

    private static String filled(int bytes) {
        return "{\"k\":\"" + "x".repeat(bytes - "{\"k\":\"\"}".length()) + "\"}";
    }

    private static String deep(int levels) {
        return "{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
    }
}
