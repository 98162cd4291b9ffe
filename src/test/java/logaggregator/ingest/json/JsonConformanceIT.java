package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.ingest.json.JsonRecords.json;
import static logaggregator.ingest.json.JsonRecords.metadata;
import static logaggregator.ingest.json.JsonRecords.record;
import static logaggregator.ingest.json.RecordDecoding.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import logaggregator.LogEntry;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.support.Database;
import logaggregator.support.Servers;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is JSON by RFC 8259 and what is not, as the value of a field, on a line and in an array. What is accepted means the
 * same to PostgreSQL's jsonb; what is not JSON it refuses as well.
 */
class JsonConformanceIT {

    private static Connection database;

    @BeforeAll
    static void connect() throws SQLException {
        database = DriverManager.getConnection(new Database(Servers.postgres()).jdbcUrl());
    }

    @AfterAll
    static void close() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // numbers
                "0",
                "-0",
                "-1",
                "10",
                "0.0",
                "0.5",
                "-0.5e-7",
                "1E5",
                "1E+5",
                "1e-5",
                "1e005",
                "123456789012345678901234567890",
                "0.000000000000000000000000000000000001",
                "1.7976931348623157e308",
                "9007199254740993",
                // strings
                "\"\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0041\\u00e9\\u20AC\\uABCD\"",
                "\"\\ud83d\\ude00\"",
                "\"\\uD83D\\uDE00\"",
                "\"\u00e9\u20AC\uD83D\uDE00\"",
                "\"\u007F\u0080\u2028\u2029\uFEFF\uFFFE\uFFFF\"",
                "\"\uDBFF\uDFFF\\udbff\\udfff\"",
                "\"//not a comment/**/\"",
                "\"\\\\u0000\"",
                "\"{}[],:'\"",
                // structure
                "true",
                "false",
                "null",
                "[]",
                "{}",
                "[[]]",
                "[{}]",
                "[null,1,\"1\",{}]",
                "{\"\":0}",
                "{\"a\":{\"b\":[{}]}}",
                "{\"\\u0061\":1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"x\":1},\"a\":{\"y\":2}}",
                "{\"a\":1,\"\\u0061\":[]}",
                // white space
                "[ ]",
                "\t[\t1 ,\r2 ] ",
                " { \"a\" : 1 } "
            })
    void is_accepted_and_means_the_same_to_postgresql(String value) throws Exception {
        for (LogEntry entry : acceptedInAllForms(value.getBytes(UTF_8))) {
            assertThat(JsonRecords.metadataTree(entry).get("v")).isEqualTo(json(value));
            assertThat(equalInPostgresql(metadata(entry), "{\"v\":" + value + "}"))
                    .isTrue();
        }
        assertThat(equalInPostgresql(value, json(value).toString())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // numbers
                "+1",
                "-",
                "--1",
                "01",
                "-01",
                "00",
                "1.",
                ".1",
                "-.1",
                "1.e1",
                "1e",
                "1e+",
                "1e1.5",
                "0x10",
                "1_000",
                "1,000.0",
                "NaN",
                "Infinity",
                "-Infinity",
                "\uFF11",
                "1a",
                "2.e3",
                "0e",
                "1 2",
                "- 1",
                // strings
                "\"",
                "\"a",
                "a\"",
                "'a'",
                "\"\\x41\"",
                "\"\\a\"",
                "\"\\U0041\"",
                "\"\\u004\"",
                "\"\\u00g0\"",
                "\"\\u{41}\"",
                "\"\\\"",
                "\"\\",
                "\"a\tb\"",
                "\"a\u0001b\"",
                "\"a\u001Fb\"",
                "\"\\\t\"",
                "\u201Ca\u201D",
                "\"a\"\"b\"",
                // literals
                "True",
                "TRUE",
                "tru",
                "nul",
                "nil",
                "undefined",
                "truee",
                "null0",
                "None",
                // structure
                "[",
                "]",
                "{",
                "}",
                "[1",
                "[1,",
                "[,1]",
                "[1,]",
                "[1,,2]",
                "[1 2]",
                "[1:2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{a:1}",
                "{1:1}",
                "{null:1}",
                "{\"a\"::1}",
                "{\"a\":1]",
                "[1}",
                "{[]}",
                "[\"a\":1]",
                "{\"a\":1,,\"b\":2}",
                "",
                // what other formats allow
                "/**/1",
                "1/**/",
                "1//",
                "#1",
                "[1;2]",
                "{\"a\"=1}",
                "`a`",
                "<null>",
                "*",
                "\\u0031",
                "&b",
                // what is no white space in JSON
                "\u00A01",
                "\u000B1",
                "\f1",
                "\u20281",
                "\uFEFF1",
                "\u30001",
                "\u0085[]"
            })
    void is_rejected_by_us_and_by_postgresql(String value) {
        assertRejected(record("v", value), "invalid_json", null);
        assertRejected(record("metadata", "{\"x\":" + value + "}"), "invalid_json", null);
        assertThat(refusal("[" + record("v", value) + "]")).isEqualTo("invalid_json");
        Assertions.assertThatThrownBy(() -> jsonb("{\"v\":" + value + "}")).isInstanceOf(SQLException.class);
    }

    /** Each character is a byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00C0\u00AF",
                "\u00C1\u00BF",
                "\u00E0\u0080\u00AF",
                "\u00E0\u009F\u00BF",
                "\u00F0\u0080\u0080\u00AF",
                "\u00F0\u008F\u00BF\u00BF", // overlong
                "\u00ED\u00A0\u0080",
                "\u00ED\u00BF\u00BF",
                "\u00ED\u00A0\u00BD\u00ED\u00B8\u0080", // surrogates
                "\u00F4\u0090\u0080\u0080",
                "\u00F5\u0080\u0080\u0080",
                "\u00F8\u0088\u0080\u0080\u0080", // beyond U+10FFFF
                "\u00C3",
                "\u00E2\u0082",
                "\u00F0\u009F\u0098",
                "\u00C3(",
                "\u00E2\u0082(", // cut
                "\u0080",
                "\u00BF",
                "\u00FE",
                "\u00FF",
                "\u00E9" // nowhere in UTF-8, or no beginning
            })
    void bytes_that_are_not_utf_8_are_rejected_by_us_and_by_postgresql(String bytes) {
        for (String value : List.of('"' + bytes + '"', "{\"" + bytes + "\":1}", bytes)) {
            byte[] line = record("v", value).getBytes(ISO_8859_1);
            assertRejected(line, "invalid_utf8", null);
            assertThat(refusal(("[" + record("v", value) + "]").getBytes(ISO_8859_1)))
                    .isEqualTo("invalid_utf8");
            Assertions.assertThatThrownBy(() -> textOf(line)).isInstanceOf(SQLException.class);
        }
    }

    private static Stream<String> boundaries() {
        return Stream.of(
                "\u0020",
                "\u007F",
                "\u0080",
                "\u07FF",
                "\u0800",
                "\uD7FF",
                "\uE000",
                "\uFFFF",
                "\uD800\uDC00",
                "\uDBFF\uDFFF");
    }

    @ParameterizedTest
    @MethodSource("boundaries")
    void the_first_and_last_of_each_length_are_accepted(String character) throws Exception {
        String escaped = character.chars().mapToObj("\\u%04X"::formatted).reduce("", String::concat);

        for (String text : List.of(character, escaped)) {
            for (LogEntry entry : acceptedInAllForms(('"' + text + '"').getBytes(UTF_8))) {
                assertThat(equalInPostgresql(metadata(entry), "{\"v\":\"" + character + "\"}"))
                        .isTrue();
            }
        }
    }

    /** As an unknown field, in the metadata, in an array of one. */
    private static List<LogEntry> acceptedInAllForms(byte[] value) throws Exception {
        byte[] unknown = record("v", "").getBytes(UTF_8);
        byte[] line = concat(unknown, 1, value);
        byte[] metadata = record("metadata", "{\"v\":}").getBytes(UTF_8);
        List<LogEntry> entries = new ArrayList<>();
        for (byte[] json : List.of(line, concat(metadata, 2, value))) {
            entries.add(RecordDecoding.DECODER.decode(json, 0, json.length, 0, RecordDecoding.NOW));
            entries.addAll(BodyDecoding.entries(BodyDecoding.decode(concat("[]".getBytes(UTF_8), 1, json))));
        }
        assertThat(entries).hasSize(4);
        return entries;
    }

    /** Puts {@code inner} before the last bytes of {@code outer}. */
    private static byte[] concat(byte[] outer, int last, byte[] inner) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(outer, 0, outer.length - last);
        all.writeBytes(inner);
        all.write(outer, outer.length - last, last);
        return all.toByteArray();
    }

    private static String refusal(String body) {
        return refusal(body.getBytes(UTF_8));
    }

    private static String refusal(byte[] body) {
        InvalidBodyException refused = BodyDecoding.refusal(body);
        return refused.code();
    }

    private static boolean equalInPostgresql(String one, String other) throws SQLException {
        return Boolean.parseBoolean(select("SELECT (?::jsonb = ?::jsonb)::text", one, other));
    }

    private static String jsonb(String json) throws SQLException {
        return select("SELECT ?::jsonb::text", json);
    }

    private static String select(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return first(statement);
        }
    }

    private static String textOf(byte[] utf8) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement("SELECT convert_from(?, 'UTF8')")) {
            statement.setBytes(1, utf8);
            return first(statement);
        }
    }

    private static String first(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }
}
