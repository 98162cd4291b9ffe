package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.badinput.HostileStrings.MAX_KEY;
import static logaggregator.badinput.HostileStrings.MAX_MESSAGE;
import static logaggregator.badinput.HostileStrings.MAX_METADATA;
import static logaggregator.badinput.HostileStrings.MAX_NAME;
import static logaggregator.badinput.HostileStrings.MAX_RECORD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.UuidCreator;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Servers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Strings that break programs, each as message, service, application, key and value of the metadata: what is read back is
 * what was sent, or the record was rejected for a reason with a name.
 */
@ExtendWith(Door.class)
class HostileStringsIT {

    /** Under which a record says which one it is. */
    private static final String CASE = "hostile-case";

    private enum Place {
        MESSAGE,
        SERVICE,
        APP,
        KEY,
        VALUE;

        /** Why a string can't stand here. */
        Optional<String> rejection(String text) {
            if (text.length() >= MAX_RECORD) {
                return Optional.of("too_long");
            }
            int length = text.codePointCount(0, text.length());
            return Optional.ofNullable(
                    switch (this) {
                        case MESSAGE -> length > MAX_MESSAGE ? "too_long" : null;
                        case SERVICE, APP -> length > MAX_NAME ? "too_long" : text.isBlank() ? "blank" : null;
                        case KEY -> text.length() > MAX_KEY ? "metadata_too_large" : null;
                        case VALUE -> text.getBytes(UTF_8).length > MAX_METADATA - 60 ? "metadata_too_large" : null;
                    });
        }

        ObjectNode record(String app, String text, String name) {
            ObjectNode record = PLAIN.createObjectNode()
                    .put("level", "INFO")
                    .put("message", this == MESSAGE ? text : "m")
                    .put("service", this == SERVICE ? text : "s")
                    .put("app", this == APP ? text : app);
            ObjectNode metadata = record.putObject("metadata_");
            if (this == KEY) {
                metadata.put(text, 1);
            } else if (this == VALUE) {
                metadata.put("value", text);
            }
            metadata.put(CASE, name);
            return record;
        }
    }

    /** How the same records are written. */
    private enum Form {
        ARRAY_OF_PLAIN_UTF_8,
        ESCAPED_LINES
    }

    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final ObjectMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static Api api;

    @BeforeAll
    static void connect() {
        api = Door.api();
    }

    @ParameterizedTest
    @EnumSource
    void own_strings_come_back_as_they_were_sent(Form form) {
        check(HostileStrings.OWN, form);
    }

    @ParameterizedTest
    @EnumSource
    void the_naughty_strings_come_back_as_they_were_sent(Form form) throws IOException {
        check(HostileStrings.naughty(), form);
    }

    @Test
    void a_record_of_more_than_a_mebibyte_is_rejected_whatever_makes_it_long() {
        String app = Door.newApp();
        String padded = BadInput.rec("n", " ".repeat(MAX_RECORD) + "1").replace(BadInput.APP, app);
        String good = BadInput.GOOD.replace(BadInput.APP, app);

        for (String body : List.of(padded + "\n" + good, "[" + padded + "," + good + "]")) {
            Answer answer = api.ingest(body);

            assertThat(answer.body().at("/rejected/0/reason").asText()).isEqualTo("too_long");
            assertThat(answer.body().get("enqueued").asInt()).isEqualTo(1);
        }
    }

    @Test
    void an_array_with_a_key_beyond_the_limits_of_the_parser_is_refused_as_a_whole() {
        String endless = BadInput.rec("k".repeat(3 * MAX_KEY + 1), "1");

        Door.assertProblem(api.ingest("[" + BadInput.GOOD + "," + endless + "]"), "metadata_too_large");
    }

    private static void check(List<String> strings, Form form) {
        String app = Door.newApp();
        String run = UuidCreator.getTimeOrderedEpoch().toString();
        List<ObjectNode> records = new ArrayList<>();
        Map<Integer, String> rejections = new TreeMap<>();
        Map<String, ObjectNode> expected = new HashMap<>();
        for (String text : strings) {
            if (form == Form.ARRAY_OF_PLAIN_UTF_8 && !wellFormed(text).equals(text)) {
                continue; // UTF-8 has no half pairs
            }
            for (Place place : Place.values()) {
                if (form == Form.ARRAY_OF_PLAIN_UTF_8 && place == Place.KEY && text.length() > 3 * MAX_KEY) {
                    continue; // the array is refused as a whole
                }
                String name = run + records.size();
                ObjectNode record = place.record(app, text, name);
                Optional<String> rejection = place.rejection(text);
                rejection.ifPresent(reason -> rejections.put(records.size(), reason));
                if (rejection.isEmpty()) {
                    expected.put(name, storable(record));
                }
                records.add(record);
            }
        }

        Answer answer = api.post("/api/v1/ingest/?ack=stored", body(records, form));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(expected.size());
        Map<Integer, String> rejected = new TreeMap<>();
        answer.body()
                .path("rejected")
                .forEach(rejection -> rejected.put(
                        rejection.get("index").asInt(), rejection.get("reason").asText()));
        assertThat(rejected).isEqualTo(rejections);
        assertThat(stored(run)).containsExactlyInAnyOrderEntriesOf(expected);
        assertReadable(expected);
        assertInTheBooks(expected);
    }

    private static byte[] body(List<ObjectNode> records, Form form) {
        ObjectMapper json = form == Form.ESCAPED_LINES ? ESCAPING : PLAIN;
        List<String> texts = records.stream().map(record -> write(json, record)).toList();
        String body = form == Form.ESCAPED_LINES ? String.join("\n", texts) : "[" + String.join(",", texts) + "]";
        return body.getBytes(UTF_8);
    }

    private static Map<String, JsonNode> stored(String run) {
        Map<String, JsonNode> stored = new HashMap<>();
        new Database(Servers.postgres())
                .column("SELECT json_build_object('level', level, 'message', message, 'service', service, 'app', app,"
                        + " 'metadata_', metadata_) FROM logs WHERE starts_with(metadata_->>'" + CASE + "', '" + run
                        + "')")
                .forEach(row -> stored.put(name(read(row)), read(row)));
        return stored;
    }

    /** Over the API too, by application. */
    private static void assertReadable(Map<String, ObjectNode> expected) {
        Map<String, List<ObjectNode>> byApp = expected.values().stream()
                .collect(Collectors.groupingBy(record -> record.get("app").asText()));
        byApp.forEach((app, records) -> {
            Map<String, JsonNode> shown = shown(app);
            records.forEach(record -> record.fields().forEachRemaining(field -> assertThat(
                            shown.get(name(record)).get(field.getKey()))
                    .as("%s of %s", field.getKey(), record)
                    .isEqualTo(field.getValue())));
        });
    }

    private static Map<String, JsonNode> shown(String app) {
        Map<String, JsonNode> shown = new HashMap<>();
        int skip = 0;
        JsonNode page;
        do {
            page = api.get("/api/v1/logs?limit=1000&skip=" + skip + "&app=" + URLEncoder.encode(app, UTF_8))
                    .body();
            page.forEach(log -> shown.put(name(log), log));
            skip += page.size();
        } while (page.size() == 1_000);
        return shown;
    }

    /** Each application has its line in the ledger, and nothing is missing. */
    private static void assertInTheBooks(Map<String, ObjectNode> expected) {
        Map<String, JsonNode> lines = new HashMap<>();
        JsonNode ledger = api.get("/api/v1/ledger").body();
        ledger.get("apps").forEach(line -> lines.put(line.get("app").asText(), line));
        expected.values().stream()
                .map(record -> record.get("app").asText())
                .distinct()
                .forEach(app -> {
                    assertThat(lines).containsKey(app);
                    assertThat(lines.get(app).get("stored").asInt()).as(app).isPositive();
                    assertThat(lines.get(app).get("difference").asInt()).as(app).isZero();
                });
    }

    private static ObjectNode storable(ObjectNode sent) {
        ObjectNode kept = sent.deepCopy();
        ObjectNode metadata = kept.putObject("metadata_");
        sent.get("metadata_")
                .fields()
                .forEachRemaining(field -> metadata.set(
                        storable(field.getKey()),
                        field.getValue().isTextual()
                                ? metadata.textNode(storable(field.getValue().asText()))
                                : field.getValue()));
        for (String field : List.of("message", "service", "app")) {
            kept.put(field, storable(sent.get(field).asText()));
        }
        if (!kept.equals(sent)) {
            metadata.put("sanitized", true);
        }
        return kept;
    }

    private static String storable(String text) {
        return wellFormed(text).replace('\0', '\uFFFD');
    }

    private static String wellFormed(String text) {
        return text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String name(JsonNode log) {
        return log.at("/metadata_/" + CASE).asText();
    }

    private static String write(ObjectMapper json, ObjectNode record) {
        try {
            return json.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode read(String json) {
        try {
            return PLAIN.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
