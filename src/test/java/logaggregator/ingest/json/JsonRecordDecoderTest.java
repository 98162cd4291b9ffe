package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.json;
import static logaggregator.ingest.json.JsonRecords.metadata;
import static logaggregator.ingest.json.JsonRecords.metadataTree;
import static logaggregator.ingest.json.JsonRecords.record;
import static logaggregator.ingest.json.JsonRecords.recordSaying;
import static logaggregator.ingest.json.RecordDecoding.NOW;
import static logaggregator.ingest.json.RecordDecoding.assertRejected;
import static logaggregator.ingest.json.RecordDecoding.decode;
import static logaggregator.ingest.json.RecordDecoding.reject;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.Stream;
import logaggregator.LogEntry;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.RejectedRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordDecoderTest {

    @Test
    void decodes_a_complete_record() throws RejectedRecordException {
        LogEntry entry = decode("""
                {"level": "error", "message": "disk full", "service": "db", "app": "shop", "app_id": 7, \
                "timestamp": "2025-01-31T12:00:00Z", "metadata_": {"disk": "/dev/sda1"}}""");

        assertThat(entry)
                .usingRecursiveComparison()
                .isEqualTo(new LogEntry(
                        5,
                        "shop",
                        7,
                        "ERROR",
                        "db",
                        "disk full",
                        Instant.parse("2025-01-31T12:00:00Z"),
                        "{\"disk\": \"/dev/sda1\"}".getBytes(UTF_8),
                        null));
    }

    @Test
    void stands_the_arrival_time_in_for_a_missing_timestamp() throws RejectedRecordException {
        assertThat(decode(record()).timestamp()).isEqualTo(NOW);
        assertThat(decode(record("timestamp", "null")).timestamp()).isEqualTo(NOW);
        assertThat(decode(record("timestamp", "1738324800.5")).timestamp()).isEqualTo("2025-01-31T12:00:00.5Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"level", "message", "service", "app"})
    void rejects_a_record_without_a_required_field(String field) {
        assertRejected(record(field, null), "missing_field", field);
    }

    @Test
    void rejects_an_empty_object() {
        assertRejected("{}", "missing_field", "level");
    }

    @Test
    void needs_app_or_app_id_but_not_both() throws RejectedRecordException {
        LogEntry byId = decode(record("app", null, "app_id", "2147483647"));
        LogEntry byName = decode(record("app_id", "null"));

        assertThat(byId.app()).isNull();
        assertThat(byId.appId()).isEqualTo(Integer.MAX_VALUE);
        assertThat(byName.app()).isEqualTo("a");
        assertThat(byName.appId()).isNull();
        assertRejected(record("app", "null", "app_id", "null"), "missing_field", "app");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "level | null",
                "level | 1",
                "level | []",
                "message | null",
                "message | 1",
                "message | {\"a\":[1,{}]}",
                "message | [\"a\"]",
                "message | true",
                "service | false",
                "service | {}",
                "app | 1",
                "app | [[]]",
                "app_id | \"1\"",
                "app_id | 1.5",
                "app_id | 1.0",
                "app_id | 1e2",
                "app_id | 0",
                "app_id | -1",
                "app_id | 2147483648",
                "app_id | 99999999999999999999",
                "app_id | true",
                "app_id | {}",
                "timestamp | true",
                "timestamp | {}",
                "timestamp | [1]",
                "metadata | []",
                "metadata | 1",
                "metadata | \"{}\"",
                "metadata_ | [{}]",
                "metadata_ | false"
            })
    void rejects_a_field_of_another_type(String field, String value) {
        assertRejected(record(field, value), "invalid_type", field);
    }

    @ParameterizedTest
    @CsvSource({
        "level, '\"\"'",
        "level, '\" \\t\"'",
        "service, '\"\"'",
        "service, '\"  \"'",
        "app, '\"\"'",
        "app, '\" \"'"
    })
    void rejects_blank_names(String field, String value) {
        assertRejected(record(field, value), "blank", field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\\n"})
    void accepts_an_empty_message(String message) throws RejectedRecordException {
        assertThat(decode(recordSaying(message)).message()).isBlank();
    }

    @ParameterizedTest
    @CsvSource({"level, 20", "service, 100", "app, 100", "message, 300"})
    void limits_the_length_of_text_in_code_points(String field, int max) throws RejectedRecordException {
        String emoji = "\uD83D\uDE00";
        LogEntry longest = decode(record(field, '"' + emoji.repeat(max) + '"'));

        assertThat(Stream.of(longest.level(), longest.service(), longest.app(), longest.message()))
                .contains(emoji.repeat(max));
        assertRejected(record(field, '"' + emoji.repeat(max) + "x\""), "too_long", field);
        assertRejected(record(field, '"' + "x".repeat(max + 1) + '"'), "too_long", field);
    }

    @ParameterizedTest
    @CsvSource({"info, INFO", "' Error ', ERROR", "WARN, WARNING", "warning, WARNING", "fatal, FATAL", "BANANA, BANANA"
    })
    void normalizes_the_level(String sent, String expected) throws RejectedRecordException {
        assertThat(decode(record("level", '"' + sent + '"')).level()).isEqualTo(expected);
    }

    @Test
    void of_a_key_that_appears_twice_the_last_value_counts() throws RejectedRecordException {
        LogEntry entry = decode(
                "{\"level\":\"INFO\",\"message\":\"1\",\"service\":\"s\",\"app\":\"a\",\"app_id\":1,"
                        + "\"timestamp\":1,\"level\":\"ERROR\",\"message\":\"2\",\"app_id\":null,\"timestamp\":2,\"x\":1,\"x\":2}");

        assertThat(entry.level()).isEqualTo("ERROR");
        assertThat(entry.message()).isEqualTo("2");
        assertThat(entry.appId()).isNull();
        assertThat(entry.timestamp()).isEqualTo("1970-01-01T00:00:02Z");
        assertThat(metadataTree(entry)).isEqualTo(json("{\"x\":2}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "timestamp", "app_id", "level"})
    void rejects_very_deep_nesting_where_a_scalar_belongs(String field) {
        String deep = "[".repeat(2_000) + "]".repeat(2_000);

        assertThat(reject(record(field, deep)).reason()).isIn("too_deep", "invalid_type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e308",
                "1e309",
                "1e131071",
                "1e400000",
                "1e99999999999",
                "-1e99999999999",
                "-1e17",
                "9223372036854775808"
            })
    void rejects_a_timestamp_beyond_any_calendar(String number) {
        assertThat(reject(record("timestamp", number)).reason()).isIn("number_out_of_range", "timestamp_out_of_range");
    }

    @Test
    void does_not_take_digits_in_text_for_a_number() throws RejectedRecordException {
        assertThat(decode(record("message", "\"1e131071\"", "n", "\"1e131071\""))
                        .message())
                .isEqualTo("1e131071");
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata", "app_id", "timestamp", "n"})
    void rejects_a_number_of_more_than_a_thousand_digits(String field) {
        String number = "1".repeat(1_001);

        assertThat(reject(record(field, field.equals("metadata") ? "{\"n\":" + number + "}" : number))
                        .reason())
                .isIn("number_too_long", "invalid_json", "invalid_type", "timestamp_out_of_range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "\"x\"", "[]", "[{}]", "[[1],{\"a\":[]}]"})
    void rejects_what_is_not_an_object(String json) {
        assertRejected(json, "not_an_object", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"level\":\"INFO\"",
                "{\"level\":\"INF",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{/**/}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "x",
                "}",
                "{\"a\"}"
            })
    void rejects_what_is_not_json(String json) {
        assertRejected(json, "invalid_json", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", ",", "]", " 1", "//"})
    void rejects_something_after_the_object(String rest) {
        assertRejected(record() + rest, "invalid_json", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"password\":hunter2hunter2}", "{\"password\":\"x\"hunter2}", "{\"a\":1}hunter2", "hunter2"})
    void an_error_never_holds_the_record_itself(String json) {
        assertThat(reject(json).error()).doesNotContain("hunter2");
    }

    @Test
    void limits_a_record_to_1_MiB() throws RejectedRecordException {
        String filler = " ".repeat(IngestLimits.MAX_RECORD_BYTES - record().length());

        assertThat(decode(record("service", "\"s\"" + filler)).service()).isEqualTo("s");
        assertRejected(record("service", "\"s\"" + filler + " "), "too_long", null);
    }

    @Test
    void decodes_a_part_of_a_larger_text() throws RejectedRecordException {
        byte[] before = "\u00e9\u00e9{\n".getBytes(UTF_8);
        String json = record("message", "\"\u00e9\"", "metadata", "{\"a\":\"\uD83D\uDE00\"}", "n", "7");
        byte[] all = (new String(before, UTF_8) + json + "\n{\"x\":\u00e9").getBytes(UTF_8);

        LogEntry entry =
                RecordDecoding.DECODER.decode(all, before.length, before.length + json.getBytes(UTF_8).length, 0, NOW);

        assertThat(entry.message()).isEqualTo("\u00e9");
        assertThat(metadata(entry)).isEqualTo("{\"n\":7,\"a\":\"\uD83D\uDE00\"}");
    }
}
