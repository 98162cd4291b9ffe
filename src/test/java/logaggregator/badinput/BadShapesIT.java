package logaggregator.badinput;

import static logaggregator.badinput.BadInput.GOOD;
import static logaggregator.badinput.BadInput.bytes;
import static logaggregator.badinput.BadInput.rec;
import static logaggregator.badinput.BadInput.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that aren't an array, an object or lines of objects as they should be: rows 1 to 19. */
@ExtendWith(Door.class)
class BadShapesIT {

    private static final String TWO = GOOD + "," + GOOD;
    private static final String PRETTY = "{\n\"level\": \"INFO\",\n\"app\": \"x\"\n}\n";

    private static Stream<BadInput> shapes() {
        return Stream.of(
                row(1, "empty body", "").refused(400, "empty_body"),
                row(1, "only white space", " \t ").refused(400, "empty_body"),
                row(1, "only newlines", "\n\r\n\n").refused(400, "empty_body"),
                row(2, "empty array", "[]").refused(400, "empty_payload"),
                row(3, "empty object", "{}").rejected("missing_field"),
                row(4, "one object", GOOD)
                        .with("Content-Type", "application/json")
                        .accepted(1),
                row(5, "null", "null").refused(400, "invalid_shape"),
                row(5, "true", "true").refused(400, "invalid_shape"),
                row(5, "a number", "1").refused(400, "invalid_shape"),
                row(5, "a string", "\"x\"").refused(400, "invalid_shape"),
                row(6, "array without objects", "[1,null,\"x\",[]]")
                        .rejected("not_an_object", "not_an_object", "not_an_object", "not_an_object"),
                row(6, "array with some objects", "[1," + GOOD + ",null," + GOOD + "]")
                        .rejectedBut(2, "not_an_object", "not_an_object"),
                row(7, "nested array", "[[" + GOOD + "]]").rejected("not_an_object"),
                row(8, "truncated array", "[" + TWO.substring(0, TWO.length() - 9))
                        .refused(400, "invalid_json"),
                row(8, "array without its end", "[" + TWO).refused(400, "invalid_json"),
                row(10, "something after the array", "[" + GOOD + "]x").refused(400, "invalid_json"),
                row(10, "two arrays", "[" + GOOD + "][" + GOOD + "]").refused(400, "invalid_json"),
                row(14, "one bad line among 1,000", (GOOD + "\n").repeat(499) + "{\n" + (GOOD + "\n").repeat(500))
                        .rejectedBut(999, "invalid_json"),
                row(15, "CRLF, blank lines, no final newline", GOOD + "\r\n\r\n \n" + GOOD)
                        .accepted(2),
                row(16, "last line cut", GOOD + "\n" + GOOD.substring(0, 30)).rejectedBut(1, "invalid_json"),
                row(17, "two pretty-printed objects", PRETTY + PRETTY)
                        .rejected(
                                "invalid_json",
                                "not_an_object",
                                "not_an_object",
                                "invalid_json",
                                "invalid_json",
                                "not_an_object",
                                "not_an_object",
                                "invalid_json"),
                row(18, "U+2028, U+2029, U+0085 inside strings", rec("message", "\"a\u2028b\u2029c\u0085d\""))
                        .accepted(1)
                        .storing(message("a\u2028b\u2029c\u0085d")),
                row(19, "a key twice", rec("level", "\"INFO\",\"level\":\"ERROR\""))
                        .accepted(1)
                        .storing(logs ->
                                assertThat(logs.get(0).get("level").asText()).isEqualTo("ERROR")));
    }

    private static Stream<BadInput> notJson() {
        return Stream.of(
                        GOOD.replace("}", ",}"),
                        GOOD.replace('"', '\''),
                        GOOD.replace("{", "{/**/"),
                        GOOD.replace("{", "{//\n"),
                        rec("n", "NaN"),
                        rec("n", "Infinity"),
                        rec("n", "+1"),
                        rec("n", "01"),
                        rec("n", ".5"),
                        GOOD.replace("\"level\"", "level"))
                .flatMap(json -> Stream.of(
                        row(9, "in an array: " + json.replace('\n', ' '), "[" + GOOD + "," + json + "]")
                                .refused(400, "invalid_json"),
                        json.contains("\n")
                                ? row(9, "on two lines: " + json.replace('\n', ' '), GOOD + "\n" + json)
                                        .rejectedBut(1, "invalid_json", "not_an_object")
                                : row(9, "on a line: " + json, GOOD + "\n" + json)
                                        .rejectedBut(1, "invalid_json")));
    }

    private static Stream<BadInput> encodings() {
        Stream<BadInput> otherUnicode = Stream.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")
                .flatMap(name -> Stream.of(GOOD, "\uFEFF" + GOOD, "[" + GOOD + "]")
                        .map(text -> row(12, name, text.getBytes(Charset.forName(name)))
                                .refused(400, "invalid_utf8")));
        Stream<BadInput> broken = Stream.of("\u00FF", "\u00C0\u0080", "\u00ED\u00A0\u0080", "\u00E2\u0082")
                .map(text -> rec("message", '"' + text + '"'))
                .flatMap(json -> Stream.of(
                        bytes(13, "invalid UTF-8 in an array", "[" + GOOD + "," + json + "]")
                                .refused(400, "invalid_utf8"),
                        bytes(13, "invalid UTF-8 on a line", GOOD + "\n" + json).rejectedBut(1, "invalid_utf8")));
        Stream<BadInput> mark = Stream.of(GOOD, "[" + GOOD + "]", GOOD + "\n")
                .map(text -> row(11, "byte order mark", "\uFEFF" + text).accepted(1));
        return Stream.of(mark, otherUnicode, broken).flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"shapes", "notJson", "encodings"})
    void is_answered_as_it_deserves(BadInput input) {
        Door.check(input);
    }

    @Test
    @DisplayName("14 the error of a bad line tells which one it is")
    void tells_which_line_is_bad() {
        Answer answer = Door.api().ingest(GOOD + "\n\n{\n" + GOOD);

        assertThat(answer.body().at("/rejected/0/index").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("17 pretty-printed objects are answered with a hint")
    void hints_at_one_record_per_line() {
        assertThat(Door.api().ingest(PRETTY + PRETTY).body().get("detail").asText())
                .contains("each line");
    }

    private static Consumer<List<JsonNode>> message(String expected) {
        return logs -> assertThat(logs.get(0).get("message").asText()).isEqualTo(expected);
    }
}
