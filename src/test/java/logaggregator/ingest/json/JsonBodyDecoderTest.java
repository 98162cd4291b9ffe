package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static logaggregator.ingest.json.BodyDecoding.A;
import static logaggregator.ingest.json.BodyDecoding.B;
import static logaggregator.ingest.json.BodyDecoding.BAD;
import static logaggregator.ingest.json.BodyDecoding.BOM;
import static logaggregator.ingest.json.BodyDecoding.decode;
import static logaggregator.ingest.json.BodyDecoding.entries;
import static logaggregator.ingest.json.BodyDecoding.lines;
import static logaggregator.ingest.json.BodyDecoding.messages;
import static logaggregator.ingest.json.BodyDecoding.pretty;
import static logaggregator.ingest.json.JsonRecords.metadata;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyDecoderTest {

    private static Stream<String> bodiesOfTwo() {
        return Stream.of(
                "[" + A + "," + B + "]",
                BOM + " \r\n[\n  " + A + ",\n\t" + B + "\n]\n",
                A + "\n" + B + "\n",
                A + "\n" + B,
                A + "\r\n" + B + "\r\n",
                "\n \r\n" + A + "\n\n\t\n" + B + "\n\n",
                BOM + A + "\n" + B,
                BOM + "\r\n" + A + "\n" + B);
    }

    @ParameterizedTest
    @MethodSource("bodiesOfTwo")
    void tells_an_array_from_lines_by_the_content(String body) {
        Batch batch = decode(body);

        assertThat(messages(batch)).containsExactly("a\u00e9", "b\u2028");
        assertThat(entries(batch)).extracting(LogEntry::index).containsExactly(0, 1);
        assertThat(entries(batch))
                .extracting(JsonRecords::metadata)
                .containsExactly("{\"n\":1.0}", "{\"host\":\"\uD83D\uDE00\"}");
        assertThat(batch.rejections()).isEmpty();
        assertThat(lines(batch)).map(String::strip).containsExactly(A, B);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", " "})
    void takes_one_object(String end) {
        assertThat(messages(decode(A + end))).containsExactly("a\u00e9");
        assertThat(messages(decode(BOM + A + end))).containsExactly("a\u00e9");
        assertThat(messages(decode(pretty(A, "\n") + end))).containsExactly("a\u00e9");
        assertThat(messages(decode(pretty(A, "\r\n") + end))).containsExactly("a\u00e9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void takes_a_pretty_printed_array(String lineEnd) {
        assertThat(messages(decode(pretty("[" + A + "," + B + "]", lineEnd)))).containsExactly("a\u00e9", "b\u2028");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            nullValues = "-",
            value = {
                "{} | missing_field | level",
                "{\"level\":1} | invalid_type | level",
                "{\"level\":\"\",\"message\":\"\",\"service\":\"s\",\"app\":\"a\"} | blank | level",
                "null | not_an_object | -",
                "1 | not_an_object | -",
                "\"x\" | not_an_object | -",
                "[] | not_an_object | -",
                "[{\"level\":\"INFO\"}] | not_an_object | -"
            })
    void rejects_a_bad_record_among_good_ones_alone(String bad, String reason, String field) {
        for (String body : List.of(A + "\n" + bad + "\n" + B, "[" + A + "," + bad + "," + B + "]")) {
            Batch batch = decode(body);

            assertThat(entries(batch)).extracting(LogEntry::index).containsExactly(0, 2);
            assertThat(batch.rejections()).singleElement().satisfies(rejection -> {
                assertThat(rejection.index()).isEqualTo(1);
                assertThat(rejection.reason()).isEqualTo(reason);
                assertThat(rejection.field()).isEqualTo(field);
                assertThat(rejection.error()).isNotBlank();
                assertThat(rejection.chunk()).isNull();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"level\":\"INFO\",", "}", "x", "{'a':1}", "{\"a\":NaN}"})
    void rejects_a_line_that_is_not_json_alone(String bad) {
        Batch batch = decode(A + "\n" + bad + "\n" + B + "\n" + bad);

        assertThat(entries(batch)).extracting(LogEntry::index).containsExactly(0, 2);
        assertThat(batch.rejections()).extracting(Rejection::index).containsExactly(1, 3);
        assertThat(batch.rejections()).extracting(Rejection::reason).containsOnly("invalid_json");
    }

    @Test
    void rejects_a_line_that_is_not_utf_8_alone() {
        byte[] body =
                (recordSaying("a") + "\n" + recordSaying("\u00FF") + "\n" + recordSaying("b")).getBytes(ISO_8859_1);
        Batch batch = decode(body);

        assertThat(messages(batch)).containsExactly("a", "b");
        assertThat(batch.rejections()).extracting(Rejection::reason).containsExactly("invalid_utf8");
    }

    @Test
    void one_bad_line_among_a_thousand_costs_one_record() {
        String body = IntStream.range(0, 1_000)
                .mapToObj(i -> i == 617 ? BAD : recordSaying("m" + i))
                .collect(Collectors.joining("\n"));
        Batch batch = decode(body);

        assertThat(batch.size()).isEqualTo(999);
        assertThat(batch.rejections()).extracting(Rejection::index).containsExactly(617);
    }

    /** Each is well-formed JSON that no record may hold: it costs its record, not its neighbours. */
    private static Stream<String> refusedValues() {
        return Stream.of(
                "\"timestamp\":1e99999999999",
                "\"timestamp\":-1e17",
                "\"timestamp\":9223372036854775808",
                "\"n\":1e131071",
                "\"metadata\":" + "[".repeat(70) + "]".repeat(70));
    }

    @ParameterizedTest
    @MethodSource("refusedValues")
    void rejects_a_record_with_an_impossible_value_alone(String member) {
        String bad = A.replaceFirst("\\{", "{" + member + ",");
        for (String body : List.of(bad + "\n" + B, "[" + bad + "," + B + "]")) {
            Batch batch = decode(body);

            assertThat(messages(batch)).containsExactly("b\u2028");
            assertThat(batch.rejections()).extracting(Rejection::index).containsExactly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\u0000", "\\ud800"})
    void text_that_postgresql_cannot_store_fails_neither_an_array_nor_a_line(String unstorable) {
        String dirty = recordSaying("x" + unstorable);
        for (String body : List.of(dirty + "\n" + B, "[" + dirty + "," + B + "]")) {
            Batch batch = decode(body);

            assertThat(messages(batch)).containsExactly("x\uFFFD", "b\u2028");
            assertThat(metadata(entries(batch).get(0))).isEqualTo("{\"sanitized\":true}");
        }
    }

    @Test
    void takes_the_time_of_arrival_from_the_clock_in_microseconds() {
        Batch batch = decode(A);

        assertThat(batch.chunks().get(0).receivedAt()).isEqualTo("2025-06-01T12:00:00.123456Z");
        assertThat(batch.chunks().get(0).origin()).isNull();
        assertThat(entries(batch).get(0).timestamp()).isEqualTo("2025-06-01T12:00:00.123456Z");
        assertThat(batch.isSafe()).isFalse();
    }
}
