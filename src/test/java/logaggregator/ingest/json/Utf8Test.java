package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static logaggregator.ingest.json.JsonRecords.json;
import static logaggregator.ingest.json.JsonRecords.metadataTree;
import static logaggregator.ingest.json.JsonRecords.record;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static logaggregator.ingest.json.RecordDecoding.assertRejected;
import static logaggregator.ingest.json.RecordDecoding.decode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import logaggregator.LogEntry;
import logaggregator.ingest.RejectedRecordException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

    private static Stream<Arguments> unstorable() {
        return Stream.of(
                Arguments.of("\\u0000", "\uFFFD"),
                Arguments.of("\u0000", "\uFFFD"),
                Arguments.of("\\ud800", "\uFFFD"),
                Arguments.of("\\uDC00", "\uFFFD"),
                Arguments.of("\\udc00\\ud800", "\uFFFD\uFFFD"),
                Arguments.of("\\ud83d\\ud83d\\ude00", "\uFFFD\uD83D\uDE00"));
    }

    @ParameterizedTest
    @MethodSource("unstorable")
    void replaces_what_postgresql_cannot_store_in_the_fields(String unstorable, String replaced)
            throws RejectedRecordException {
        String sent = "\"<" + unstorable + ">\"";
        LogEntry entry = decode(record("message", sent, "service", sent, "app", sent, "level", sent));

        assertThat(Stream.of(entry.message(), entry.service(), entry.app(), entry.level()))
                .containsOnly("<" + replaced + ">");
        assertThat(metadataTree(entry)).isEqualTo(json("{\"sanitized\":true}"));
    }

    @ParameterizedTest
    @MethodSource("unstorable")
    void replaces_what_postgresql_cannot_store_in_values_of_the_metadata(String unstorable, String replaced)
            throws RejectedRecordException {
        String sent = "[{\"k\":\"" + unstorable + "\"}]";
        JsonNode expected = json("{\"a\":[{\"k\":\"" + replaced + "\"}],\"sanitized\":true}");

        assertThat(metadataTree(decode(record("metadata", "{\"a\":" + sent + "}"))))
                .isEqualTo(expected);
        assertThat(metadataTree(decode(record("a", sent)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("unstorable")
    void replaces_what_postgresql_cannot_store_in_keys(String unstorable, String replaced)
            throws RejectedRecordException {
        String sent = "{\"k" + unstorable + "\":1}";
        String expected = "{\"k" + replaced + "\":1}";

        assertThat(metadataTree(decode(record("metadata", "{\"a\":" + sent + "}"))))
                .isEqualTo(json("{\"a\":" + expected + ",\"sanitized\":true}"));
        assertThat(metadataTree(decode(record("k" + unstorable, "1"))))
                .isEqualTo(json("{\"k" + replaced + "\":1,\"sanitized\":true}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uD83D\uDE00", "\\ud83d\\ude00", "\u200D\u202E", "e\u0301", "\\\\u0000", "\\\\ud800",
                        "\u2028\u2029\u0085",
                "\\u001b[2J", "\\\\.", "\\\\N", "\\t\\\\", "${jndi:x} %s $1 {{x}} '; DROP", "\uFFFD", "\uFEFF"
            })
    void leaves_all_other_text_as_it_is(String text) throws RejectedRecordException {
        String meant = json('"' + text + '"').textValue();
        LogEntry entry = decode(record("message", '"' + text + '"', "metadata", "{\"" + text + "\":\"" + text + "\"}"));

        assertThat(entry.message()).isEqualTo(meant);
        assertThat(metadataTree(entry))
                .isEqualTo(JsonNodeFactory.instance.objectNode().put(meant, meant));
        assertThat(metadataTree(decode(record(text, "1"))))
                .isEqualTo(JsonNodeFactory.instance.objectNode().put(meant, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00FF",
                "\u00C0\u0080",
                "\u00ED\u00A0\u0080",
                "\u00E2\u0082",
                "\u00F4\u0090\u0080\u0080",
                "\u0080"
            })
    void rejects_bytes_that_are_not_utf_8(String bytes) {
        assertRejected(recordSaying(bytes).getBytes(ISO_8859_1), "invalid_utf8", null);
        assertRejected(record("metadata", "{\"" + bytes + "\":1}").getBytes(ISO_8859_1), "invalid_utf8", null);
        assertRejected(record(bytes, "1").getBytes(ISO_8859_1), "invalid_utf8", null);
    }

    private static Stream<Arguments> otherEncodings() {
        return Stream.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE"))
                .flatMap(charset -> Stream.of(record(), '\uFEFF' + record()).map(text -> Arguments.of(charset, text)));
    }

    @ParameterizedTest
    @MethodSource("otherEncodings")
    void rejects_other_encodings(Charset charset, String text) {
        assertRejected(text.getBytes(charset), "invalid_utf8", null);
    }
}
