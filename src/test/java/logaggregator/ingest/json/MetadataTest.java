package logaggregator.ingest.json;

import static logaggregator.ingest.json.JsonRecords.json;
import static logaggregator.ingest.json.JsonRecords.metadata;
import static logaggregator.ingest.json.JsonRecords.metadataTree;
import static logaggregator.ingest.json.JsonRecords.record;
import static logaggregator.ingest.json.RecordDecoding.assertRejected;
import static logaggregator.ingest.json.RecordDecoding.decode;
import static org.assertj.core.api.Assertions.assertThat;

import logaggregator.LogEntry;
import logaggregator.ingest.RejectedRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {

    @ParameterizedTest
    @ValueSource(strings = {"metadata", "metadata_"})
    void takes_metadata_under_both_names_with_the_bytes_as_sent(String name) throws RejectedRecordException {
        String sent = "{ \"b\" : [1, 2.50, {\"c\": \"\u00e9\uD83D\uDE00\"}], \"a\":null }";

        assertThat(metadata(decode(record(name, sent)))).isEqualTo(sent);
        assertThat(decode(record(name, "null")).metadata()).isNull();
        assertThat(metadata(decode(record(name, "{}")))).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"x\"",
                "1",
                "-0.5e3",
                "true",
                "null",
                "[]",
                "{}",
                "[1,[2,{\"a\":\"}\"}]]",
                "{\"a\":{\"b\":\"]\\\"\"}}",
                "\"\\\\\"",
                "\"\u00e9\u2028\uD83D\uDE00\""
            })
    void keeps_unknown_fields_in_the_metadata(String value) throws RejectedRecordException {
        assertThat(metadata(decode(record("host", value)))).isEqualTo("{\"host\":" + value + "}");
        assertThat(metadataTree(decode(record("host", value, "metadata", "{\"a\":1}", "pid", "2"))))
                .isEqualTo(json("{\"a\":1,\"host\":" + value + ",\"pid\":2}"));
        assertThat(metadataTree(decode(record("metadata", " { } ", "host", value))))
                .isEqualTo(json("{\"host\":" + value + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__proto__",
                "constructor",
                "@class",
                "@type",
                "Level",
                "",
                "a\\\"b\\\\c\\n\\u0001",
                "\\ud83d\\ude00"
            })
    void keeps_unknown_fields_of_any_name(String name) throws RejectedRecordException {
        assertThat(metadataTree(decode(record(name, "1")))).isEqualTo(json("{\"" + name + "\":1}"));
    }

    @Test
    void own_metadata_wins_over_an_unknown_field_of_the_same_name() throws RejectedRecordException {
        assertThat(metadataTree(decode(record("metadata_", "{\"host\":\"own\"}", "host", "\"unknown\""))))
                .isEqualTo(json("{\"host\":\"own\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata", "metadata_", "other"})
    void accepts_64_levels_of_nesting_and_no_more(String field) throws RejectedRecordException {
        String sixtyFour = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
        String sixtyFive = "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}";

        assertThat(metadata(decode(record(field, sixtyFour)))).contains(sixtyFour);
        assertRejected(record(field, sixtyFive), "too_deep", field);
    }

    @ParameterizedTest
    @ValueSource(ints = {998, 1_001, 100_000})
    void rejects_very_deep_nesting(int depth) {
        assertRejected(
                record("metadata", "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}"), "too_deep", "metadata");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "-0.0",
                "1.10",
                "9007199254740993",
                "12345678901234567890",
                "0.1234567890123456789012345",
                "1e308",
                "1E-308",
                "-1e+3"
            })
    void keeps_numbers_digit_by_digit(String number) throws RejectedRecordException {
        assertThat(metadata(decode(record("metadata", "{\"n\":" + number + "}"))))
                .isEqualTo("{\"n\":" + number + "}");
        assertThat(metadata(decode(record("n", number)))).isEqualTo("{\"n\":" + number + "}");
        assertThat(metadata(decode(record("n", number, "metadata", "{\"s\":\"\\u0000\"}"))))
                .contains("\"n\":" + number + ",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e131071", "1e309", "-1E+309", "1e-309", "1e400000", "1e99999999999", "1e-99999999999999999999"
            })
    void rejects_numbers_that_postgresql_would_write_out_in_full(String number) {
        assertRejected(record("metadata", "{\"n\":[" + number + "]}"), "number_out_of_range", "metadata");
        assertRejected(record("n", number), "number_out_of_range", "n");
    }

    /** PostgreSQL writes {@code 1e308} as 309 digits: whoever reads the metadata gets more than was sent. */
    @Test
    void numbers_count_as_they_are_written_out() throws RejectedRecordException {
        String fitting = "[" + "1e308,".repeat(200) + "1]";
        String tooLong = "[" + "-1e-308,".repeat(250) + "1]";

        assertThat(metadata(decode(record("metadata", "{\"n\":" + fitting + "}"))))
                .contains(fitting);
        assertRejected(record("metadata", "{\"n\":" + tooLong + "}"), "metadata_too_large", "metadata_");
        assertRejected(record("n", tooLong), "metadata_too_large", "metadata_");
    }

    @Test
    void keeps_the_rest_of_the_metadata_when_something_had_to_be_replaced() throws RejectedRecordException {
        LogEntry entry =
                decode(record("message", "\"\\u0000\"", "metadata", "{\"a\":[1.0,true,null,{\"b\":\"\\u00e9\"}]}"));

        assertThat(metadataTree(entry))
                .isEqualTo(json("{\"a\":[1.0,true,null,{\"b\":\"\u00e9\"}],\"sanitized\":true}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata", "other"})
    void limits_the_size_of_the_metadata(String field) throws RejectedRecordException {
        int rest = "{\"\":\"\"}".length() + (field.equals("other") ? "{\"other\":}".length() : 0);
        String largest = "{\"\":\"" + "x".repeat(65_536 - rest) + "\"}";

        assertThat(decode(record(field, largest)).metadata()).hasSize(65_536);
        assertRejected(record(field, largest.replace("x\"", "xx\"")), "metadata_too_large", "metadata_");
    }

    @Test
    void limits_the_keys_of_the_metadata() throws RejectedRecordException {
        String nested = "{\"a\":[" + "{\"b\":1},".repeat(998) + "{\"" + "k".repeat(1_024) + "\":1}]}";

        assertThat(metadata(decode(record("metadata", nested)))).isEqualTo(nested);
        assertRejected(record("metadata", nested, "more", "1"), "metadata_too_large", "metadata_");
        assertRejected(record("metadata", nested.replace("\"k", "\"kk")), "metadata_too_large", "metadata_");
    }
}
