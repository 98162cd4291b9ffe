package logaggregator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.Range;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the HTTP request to the row, over real servers. */
class MainFlowIT {

    private static final String STREAM = "main-flow:stream";

    private static InProcessApp app;
    private static Api api;
    private static StatefulRedisConnection<String, String> connection;
    private static RedisCommands<String, String> redis;

    @BeforeAll
    static void start() {
        app = new InProcessApp(Servers.postgres(), Servers.redis(), STREAM);
        api = app.api();
        connection = RedisConsole.connect(Servers.redis());
        redis = connection.sync();
    }

    @AfterAll
    static void stop() {
        connection.close();
        app.close();
    }

    @Test
    void the_example_of_the_original_works_word_for_word() {
        Answer answer = api.ingest("""
                [
                    {"level":"INFO","message":"test","service":"api","app":"demo"},
                    {"level":"ERROR","message":"error","service":"db","app":"demo"}
                  ]""", "Content-Type", "application/json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEqualTo("{\"enqueued\":2,\"backend\":\"redis\"}");
        assertThat(answer.response().headers().firstValue("Log-Durability")).contains("fsync");
        JsonNode newest = awaitLogs("demo", 2).get(0);
        assertThat(newest.get("level").asText()).isEqualTo("ERROR");
        assertThat(newest.get("message").asText()).isEqualTo("error");
        assertThat(newest.get("service").asText()).isEqualTo("db");
        assertThat(newest.get("app").asText()).isEqualTo("demo");
        assertThat(newest.get("app_id").isInt()).isTrue();
        assertThat(newest.get("id").isIntegralNumber()).isTrue();
        assertThat(newest.get("metadata_").isNull()).isTrue();
        assertThat(newest.get("timestamp")).isEqualTo(newest.get("received_at"));
    }

    @Test
    void a_bad_record_is_reported_and_its_neighbours_are_stored() {
        String[] lines = Records.ndjson("three-bad", 0, 500).split("\n");
        lines[3] = "{\"message\":\"no level\",\"service\":\"s\",\"app\":\"three-bad\"}";
        lines[250] = "{\"level\":\"INFO\",\"message\":42,\"service\":\"s\",\"app\":\"three-bad\"}";
        lines[499] = "{\"level\":\"INFO\",";

        Answer answer = api.ingest(String.join("\n", lines));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(497);
        assertThat(answer.body().get("rejected_count").asInt()).isEqualTo(3);
        assertThat(elements(answer.body().get("rejected"))
                        .map(rejected -> rejected.get("index") + " " + rejected.get("field") + " "
                                + rejected.get("reason").asText()))
                .containsExactly("3 \"level\" missing_field", "250 \"message\" invalid_type", "499 null invalid_json");
        awaitLogs("three-bad", 497);
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded, /api/v1/ingest/",
        "text/plain, /api/v1/ingest",
        "application/json, /api/v1/ingest"
    })
    void the_content_type_and_a_slash_at_the_end_make_no_difference(String type, String path) {
        Answer answer = api.post(path, Records.json("any-type", 1).getBytes(UTF_8), "Content-Type", type);

        assertThat(answer.response().body()).isEqualTo("{\"enqueued\":1,\"backend\":\"redis\"}");
    }

    @Test
    void a_compressed_body_is_unpacked() throws IOException {
        Answer answer = api.ingest(gzip(Records.ndjson("gzip", 0, 1200).getBytes(UTF_8)), "Content-Encoding", "gzip");

        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(1200);
        awaitLogs("gzip", 1000);
    }

    @Test
    void what_a_small_compressed_body_unpacks_to_is_limited() throws IOException {
        Answer answer = api.ingest(gzip(new byte[20_000_000]), "Content-Encoding", "gzip");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body().get("code").asText()).isEqualTo("body_too_large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "br       | application/json            | 415 | unsupported_encoding",
                "gzip     | application/json            | 400 | invalid_gzip",
                "identity | multipart/form-data         | 415 | unsupported_media_type",
                "identity | text/plain; charset=latin1  | 415 | unsupported_charset"
            })
    void a_body_that_is_not_what_it_must_be_is_refused(String encoding, String type, int status, String code) {
        Answer answer = api.ingest(Records.json("refused", 1), "Content-Encoding", encoding, "Content-Type", type);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().get("code").asText()).isEqualTo(code);
        assertThat(answer.body().get("detail").asText()).isNotBlank();
    }

    @Test
    void a_request_sent_again_under_its_key_is_stored_once() {
        String body = Records.ndjson("sent-again", 0, 700);

        api.ingest(body, "Idempotency-Key", "order-17");
        api.ingest(body, "Idempotency-Key", "order-17");
        api.ingest(Records.json("sent-again", 700), "Idempotency-Key", "order-18");

        awaitLogs("sent-again", 701);
    }

    @Test
    void an_entry_that_another_producer_put_on_the_stream_is_stored() {
        String id = redis.xadd(STREAM, Map.of("data", Records.json("by-hand", 1)));

        JsonNode log = awaitLogs("by-hand", 1).get(0);
        assertThat(java.time.Instant.parse(log.get("received_at").asText()).toEpochMilli())
                .isEqualTo(Long.parseLong(id.substring(0, id.indexOf('-'))));
    }

    @Test
    void bad_entries_are_dead_lettered_alone_with_their_payload() {
        String cut = "{\"level\":\"INFO\",\"message\":\"cut";
        String withoutLevel = "{\"message\":\"m\",\"service\":\"s\",\"app\":\"poison\"}";
        String tooLong = Records.json("poison", 0).replace("\"0\"", "\"" + "x".repeat(300_000) + "\"");
        for (String data : List.of(cut, withoutLevel, tooLong)) {
            redis.xadd(STREAM, Map.of("data", Records.json("poison", 1)));
            redis.xadd(STREAM, Map.of("data", data));
        }
        redis.xadd(STREAM, Map.of("data", Records.json("poison", 2).replace("\"2\"", "\"a\\u0000b\"")));

        JsonNode logs = awaitLogs("poison", 4);

        assertThat(logs.get(0).get("message").asText()).isEqualTo("a\uFFFDb");
        assertThat(logs.get(0).get("metadata_").get("sanitized").asBoolean()).isTrue();
        Eventually.passes(() -> assertThat(reasonByPayload())
                .containsOnly(
                        Map.entry(cut, "invalid_json"),
                        Map.entry(withoutLevel, "missing_field"),
                        Map.entry(tooLong, "too_long")));
        Eventually.passes(() ->
                assertThat(redis.xpending(STREAM, "ingest-group").getCount()).isZero());
    }

    private static Map<String, String> reasonByPayload() {
        return redis.xrange(STREAM + ":dlq", Range.unbounded()).stream()
                .map(letter -> letter.getBody())
                .collect(java.util.stream.Collectors.toMap(
                        letter -> letter.get("data"), letter -> letter.get("reason")));
    }

    @Test
    void what_is_stored_leaves_the_stream() {
        api.ingest(Records.ndjson("trimmed", 0, 10));

        Eventually.passes(() -> assertThat(redis.xlen(STREAM)).isZero());
    }

    @Test
    void a_list_is_ordered_newest_first_and_can_be_paged_and_filtered() {
        api.ingest("""
                {"level":"info","message":"old","service":"a","app":"list","timestamp":"2026-01-01T10:00:00Z"}
                {"level":"warn","message":"new","service":"b","app":"list","timestamp":"2026-01-01T12:00:00Z"}
                {"level":"info","message":"mid","service":"b","app":"list","timestamp":"2026-01-01T11:00:00Z"}""");
        awaitLogs("list", 3);

        assertThat(messages("app=list")).containsExactly("new", "mid", "old");
        assertThat(messages("app=list&skip=1&limit=1")).containsExactly("mid");
        assertThat(messages("app=list&service=b")).containsExactly("new", "mid");
        assertThat(messages("app=list&level=warn")).containsExactly("new");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=1001, limit",
        "limit=x, limit",
        "skip=-1, skip",
        "lvel=INFO, lvel",
        "app=%00, app"
    })
    void a_parameter_that_makes_no_sense_is_refused_by_name(String query, String name) {
        Answer answer = api.get("/api/v1/logs/?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asText()).contains(name);
    }

    @Test
    void the_stats_count_what_is_stored() {
        long before =
                api.get("/api/v1/stats/").body().at("/by_service/stats-service").asLong();
        api.ingest(Records.ndjson("stats", 0, 30).replace("checkout", "stats-service"));
        awaitLogs("stats", 30);

        JsonNode stats = api.get("/api/v1/stats/").body();

        assertThat(stats.at("/by_service/stats-service").asLong()).isEqualTo(before + 30);
        assertThat(stats.at("/by_app/stats").asLong()).isEqualTo(30);
        assertThat(elements(stats.get("by_level")).mapToLong(JsonNode::asLong).sum())
                .isEqualTo(stats.get("total_logs").asLong());
    }

    @Test
    void health_and_the_first_page_answer() {
        assertThat(api.get("/health").response().body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(api.get("/").body().get("name").asText()).isEqualTo("Log Aggregator");
        assertThat(api.get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void an_unknown_path_and_a_wrong_method_are_problems() {
        assertThat(api.get("/api/v1/nothing").body().get("code").asText()).isEqualTo("not_found");
        assertThat(api.get("/api/v1/ingest/").status()).isEqualTo(405);
    }

    private static JsonNode awaitLogs(String appName, int count) {
        String path = "/api/v1/logs/?limit=1000&app=" + appName;
        Eventually.passes(() -> assertThat(api.get(path).body()).hasSize(count));
        return api.get(path).body();
    }

    private static List<String> messages(String query) {
        return elements(api.get("/api/v1/logs/?" + query).body())
                .map(log -> log.get("message").asText())
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }
}
