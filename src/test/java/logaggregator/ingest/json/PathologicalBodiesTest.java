package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.record;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Rejection;
import logaggregator.ingest.InvalidBodyException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mebibyte of what takes some parsers hours takes this one milliseconds; the limit tells a square from a line. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PathologicalBodiesTest {

    private static final int MIB = 1 << 20;

    private static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("arrays in arrays", "[".repeat(MIB)),
                Arguments.of("closed arrays in arrays", "[".repeat(MIB / 2) + "]".repeat(MIB / 2)),
                Arguments.of("objects in objects", "{\"a\":".repeat(MIB / 5)),
                Arguments.of("flat array", "[" + "0,".repeat(MIB / 2) + "0]"),
                Arguments.of("empty objects", "[" + "{},".repeat(MIB / 3) + "{}]"),
                Arguments.of("different names", names(n -> "k" + n)),
                Arguments.of("names of one hash", names(PathologicalBodiesTest::sameHash)),
                Arguments.of("one name", names(n -> "k")),
                Arguments.of("long name", "{\"" + "k".repeat(MIB) + "\":1}"),
                Arguments.of("digits", "1".repeat(MIB)),
                Arguments.of("digits of a fraction", "0." + "1".repeat(MIB)),
                Arguments.of("digits of an exponent", "1e" + "1".repeat(MIB)),
                Arguments.of("many large exponents", "[" + "1e308,".repeat(MIB / 6) + "1]"),
                Arguments.of("escaped NUL", '"' + "\\u0000".repeat(MIB / 6) + '"'),
                Arguments.of("half pairs", '"' + "\\ud800".repeat(MIB / 6) + '"'),
                Arguments.of("plain NUL", '"' + "\0".repeat(MIB) + '"'),
                Arguments.of("backslashes", '"' + "\\\\".repeat(MIB / 2) + '"'),
                Arguments.of("escaped quotes", '"' + "\\\"".repeat(MIB / 2) + '"'),
                Arguments.of("text without end", '"' + "x".repeat(MIB)),
                Arguments.of("white space", " ".repeat(MIB) + "1"),
                Arguments.of("letters of four bytes", '"' + "\uD83D\uDE00".repeat(MIB / 4) + '"'));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void a_huge_value_is_read_or_refused_in_no_time(String name, String value) {
        for (String field : List.of("message", "timestamp", "app_id", "metadata", "other")) {
            String record = record(field, value);
            assertAnswered(record);
            assertAnswered(recordSaying("good") + "\n" + record);
            assertAnswered("[" + recordSaying("good") + "," + record + "]");
        }
        assertAnswered(value);
    }

    private static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("empty lines", "\n".repeat(MIB) + recordSaying("good")),
                Arguments.of("open braces", "{\n".repeat(MIB / 2)),
                Arguments.of("brackets on lines", "[\n".repeat(MIB / 2)),
                Arguments.of("quotes", "\"\n".repeat(MIB / 2)),
                Arguments.of("numbers in an array", "[" + "1,".repeat(MIB / 2) + "1]"),
                Arguments.of("commas", "[" + ",".repeat(MIB)),
                Arguments.of("byte order marks", "\uFEFF".repeat(MIB / 3)),
                Arguments.of("carriage returns", "{" + "\r".repeat(MIB) + "}"),
                Arguments.of(
                        "pretty-printed",
                        "{" + "\n".repeat(MIB) + recordSaying("good").substring(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void a_huge_body_is_read_or_refused_in_no_time(String name, String body) {
        assertAnswered(body);
    }

    private static void assertAnswered(String body) {
        byte[] bytes = body.getBytes(UTF_8);
        try {
            BodyDecoding.decode(bytes);
        } catch (InvalidBodyException e) {
            assertThat(e.status()).isIn(400, 413);
            assertThat(e.getMessage()).hasSizeLessThan(500);
        }
        List<Rejection> rejections = new ArrayList<>();
        new NdjsonDecoder(RecordDecoding.DECODER).decode(bytes, RecordDecoding.NOW, entry -> {}, rejections::add);
        assertThat(rejections)
                .allSatisfy(rejection -> assertThat(rejection.error()).hasSizeLessThan(500));
    }

    private static String names(IntFunction<String> name) {
        return IntStream.range(0, MIB / 24)
                .mapToObj(n -> '"' + name.apply(n) + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Strings with one {@link String#hashCode()}: each of two letters may be Aa or BB. */
    private static String sameHash(int number) {
        return IntStream.range(0, 16)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }
}
