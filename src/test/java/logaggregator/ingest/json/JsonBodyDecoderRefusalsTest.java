package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.BodyDecoding.A;
import static logaggregator.ingest.json.BodyDecoding.B;
import static logaggregator.ingest.json.BodyDecoding.BAD;
import static logaggregator.ingest.json.BodyDecoding.BOM;
import static logaggregator.ingest.json.BodyDecoding.array;
import static logaggregator.ingest.json.BodyDecoding.decoder;
import static logaggregator.ingest.json.BodyDecoding.refusal;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import logaggregator.Rejection;
import logaggregator.ingest.InvalidBodyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyDecoderRefusalsTest {

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", "\n", "\r\n\t \n", BOM, BOM + "\n"})
    void refuses_an_empty_body(String body) {
        assertRefused(body == null ? null : body.getBytes(UTF_8), 400, "empty_body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", " [ \n ] "})
    void refuses_an_empty_array(String body) {
        InvalidBodyException refused = assertRefused(body, 400, "empty_payload");

        assertThat(refused).hasMessageContaining("Empty payload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "\"x\"", " 1.5\n"})
    void refuses_a_body_that_is_neither_array_nor_object(String body) {
        assertRefused(body, 400, "invalid_shape");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[]]", "[null]", "[1, null, \"x\", [], true]", "{}", "x"})
    void refuses_a_body_without_a_valid_record(String body) {
        InvalidBodyException refused = assertRefused(body, 400, "no_valid_record");

        assertThat(refused.rejections()).isNotEmpty();
    }

    @Test
    void rejects_what_is_not_an_object_in_an_array_one_by_one() {
        InvalidBodyException refused = assertRefused("[1,null,\"x\",[" + A + "]]", 400, "no_valid_record");

        assertThat(refused.rejections()).extracting(Rejection::index).containsExactly(0, 1, 2, 3);
        assertThat(refused.rejections()).extracting(Rejection::reason).containsOnly("not_an_object");
    }

    private static Stream<String> brokenArrays() {
        return Stream.of(
                "[",
                "[" + A,
                "[" + A + ",",
                "[" + A + "," + B.substring(0, 20),
                "[" + A + ",]",
                "[" + A + B + "]",
                "[" + A + "]x",
                "[" + A + "]]",
                "[" + A + "][" + B + "]",
                "[" + A + "]\n" + B,
                "[{'level':'INFO'}]",
                "[" + A + ",NaN]",
                "[" + A + ",/**/" + B + "]",
                "[" + recordSaying("\\\0") + "]");
    }

    @ParameterizedTest
    @MethodSource("brokenArrays")
    void refuses_a_broken_array_as_a_whole(String body) {
        assertRefused(body, 400, "invalid_json");
    }

    @Test
    void refuses_an_array_that_is_not_utf_8() {
        for (String bytes : List.of("\u00FF", "\u00C0\u0080", "\u00ED\u00A0\u0080", "\u00E2\u0082")) {
            assertRefused(("[" + recordSaying(bytes) + "]").getBytes(ISO_8859_1), 400, "invalid_utf8");
        }
        assertRefused(("[" + A + "]").getBytes(UTF_16LE), 400, "invalid_utf8");
    }

    @Test
    void refuses_utf_16_whatever_its_byte_order() {
        for (String text : List.of(A, BOM + A, BOM + "[" + A + "]")) {
            for (byte[] body : List.of(text.getBytes(UTF_16LE), text.getBytes(UTF_16BE))) {
                InvalidBodyException refused = refusal(body);

                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.code()).isEqualTo("invalid_utf8");
            }
        }
    }

    private static Stream<String> tooMuchForTheParser() {
        String deep = "[".repeat(1_001) + "]".repeat(1_001);
        String veryDeep = "[".repeat(100_000);
        String longNumber = "1".repeat(1_001);
        String longKey = "{\"" + "k".repeat(60_000) + "\":1}";
        return Stream.of(deep, veryDeep, longNumber, longKey)
                .flatMap(value -> Stream.of(value, "{\"metadata\":" + value + "}", "[{\"metadata\":" + value + "}]"));
    }

    @ParameterizedTest
    @MethodSource("tooMuchForTheParser")
    void refuses_what_goes_beyond_the_limits_of_the_parser(String body) {
        assertThat(refusal(body.getBytes(UTF_8)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "\n"})
    void refuses_more_records_than_a_request_may_carry(String separator) {
        JsonBodyDecoder ofThree = decoder(3, 500);
        String three = array(separator, A, BAD, A);
        String four = array(separator, A, BAD, A, BAD);

        assertThat(ofThree.decode(three.getBytes(UTF_8), null, null).size()).isEqualTo(2);
        InvalidBodyException refused = catchThrowableOfType(
                InvalidBodyException.class, () -> ofThree.decode(four.getBytes(UTF_8), null, null));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.code()).isEqualTo("too_many_records");
        assertThat(refused).hasMessageContaining("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true", "1", "yes"})
    void strict_accepts_all_records_or_none(String strict) {
        byte[] mixed = (A + "\n" + BAD).getBytes(UTF_8);
        InvalidBodyException refused = catchThrowableOfType(
                InvalidBodyException.class, () -> decoder(50_000, 500).decode(mixed, strict, null));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.rejections()).extracting(Rejection::index).containsExactly(1);
        assertThat(decoder(50_000, 500)
                        .decode((A + "\n" + B).getBytes(UTF_8), strict, null)
                        .size())
                .isEqualTo(2);
        assertThat(decoder(50_000, 500).decode(mixed, "false", null).size()).isEqualTo(1);
    }

    private static InvalidBodyException assertRefused(String body, int status, String code) {
        return assertRefused(body.getBytes(UTF_8), status, code);
    }

    private static InvalidBodyException assertRefused(byte[] body, int status, String code) {
        InvalidBodyException refused = refusal(body);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.code()).isEqualTo(code);
        return refused;
    }
}
