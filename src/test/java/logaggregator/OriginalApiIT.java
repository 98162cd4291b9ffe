package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RawConnection;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was written for the original goes on working: its documented settings, requests, stream entries and tables, with the
 * bytes that curl sends. Where an answer is meant to differ a comment says so.
 */
class OriginalApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The original's fields and {@code received_at}; {@code timestamp} names its zone, which the original left out. */
    private static final Map<String, String> LOG =
            types("id=integer level=string message=string timestamp=time metadata_=object service=string app_id=integer"
                    + " app=string received_at=time");

    private static final Map<String, String> LOG_WITHOUT_METADATA = with(LOG, "metadata_", "null");

    /** The original's fields and {@code retention_days}. */
    private static final Map<String, String> APP =
            types("id=integer name=string description=string retention_days=null");

    /** The original's {@code detail}, in a problem of RFC 9457. */
    private static final List<String> PROBLEM = List.of("type", "title", "status", "detail", "code");

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static AppProcess app;
    private static Database database;

    @BeforeAll
    static void start() {
        postgres = new PostgresProcess(Servers.newDirectory("original-postgres"));
        redis = new RedisProcess(Servers.newDirectory("original-redis"));
        database = new Database(postgres);
        app = AppProcess.asShipped(
                Servers.newDirectory("original"),
                Map.of(
                        "DATABASE_URL", postgres.url() + "?sslmode=prefer",
                        "REDIS_URL", redis.url(),
                        "CORS_ORIGINS", "http://localhost:3000,http://localhost:3001",
                        "INGEST_STREAM", "logs:stream",
                        "INGEST_GROUP", "ingest-group",
                        "INGEST_DLQ", "logs:dlq",
                        "INGEST_BATCH_SIZE", "500",
                        "INGEST_BLOCK_MS", "2000"));
    }

    @AfterAll
    static void stop() {
        app.close();
        redis.close();
        postgres.close();
    }

    @Test
    void ingest_takes_an_array() {
        Answer answer = curl("POST", "/api/v1/ingest/", "Content-Type: application/json", """
                [
                    {"level":"INFO","message":"test","service":"api","app":"array"},
                    {"level":"ERROR","message":"error","service":"db","app":"array"}
                  ]""");

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.text).isEqualTo("{\"enqueued\":2,\"backend\":\"redis\"}");
        awaitLogs("array", 2);
        assertThat(get("/api/v1/logs/?app=array").body).hasSize(2).allSatisfy(log -> assertThat(typesOf(log))
                .isEqualTo(LOG_WITHOUT_METADATA));
    }

    /** Of curl's own accord the type is that of a form. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/json", "application/x-www-form-urlencoded"})
    void ingest_takes_lines(String type) {
        String app = "lines-" + type.replace('/', '-');

        Answer answer = curl("POST", "/api/v1/ingest/", "Content-Type: " + type, """
                {"level":"INFO","message":"log1","service":"svc","app":"%1$s"}
                {"level":"ERROR","message":"log2","service":"svc","app":"%1$s"}
                """.formatted(app));

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.text).isEqualTo("{\"enqueued\":2,\"backend\":\"redis\"}");
        awaitLogs(app, 2);
    }

    @Test
    void ingest_takes_the_number_of_an_app() {
        int id = create("by-number");

        Answer answer = curl(
                "POST",
                "/api/v1/ingest/",
                "X-API-Key: secret",
                "[{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":" + id
                        + ",\"metadata_\":{\"user_id\":42}}]");

        assertThat(answer.text).isEqualTo("{\"enqueued\":1,\"backend\":\"redis\"}");
        awaitLogs("by-number", 1);
        JsonNode log = get("/api/v1/logs/?app=by-number").body.get(0);
        assertThat(typesOf(log)).isEqualTo(LOG);
        assertThat(log.get("app_id").asInt()).isEqualTo(id);
        assertThat(log.at("/metadata_/user_id").asInt()).isEqualTo(42);
    }

    /** The original answers 400 to some of them and 422 to others; one bad record fails all of its neighbours there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "nonsense",
                "{\"message\":\"m\",\"service\":\"s\",\"app\":\"a\"}",
                "{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"a\"}",
                "{\"level\":\"INFO\",\"message\":\"m\",\"app\":\"a\"}",
                "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\"}"
            })
    void ingest_refuses_what_lacks_a_field(String body) {
        Answer answer = curl("POST", "/api/v1/ingest/", "Content-Type: application/json", body);

        assertThat(answer.status).isEqualTo(400);
        assertThat(typesOf(answer.body)).containsKeys(PROBLEM.toArray(String[]::new));
        assertThat(answer.body.get("detail").isTextual()).isTrue();
    }

    @Test
    void ingest_without_redis_stores_at_once() {
        redis.kill();
        try {
            Answer answer = curl("POST", "/api/v1/ingest/", "Content-Type: application/json", """
                    {"level":"INFO","message":"direct","service":"svc","app":"fallback"}""");

            assertThat(answer.status).isEqualTo(200);
            assertThat(answer.text).isEqualTo("{\"enqueued\":1,\"backend\":\"db\"}");
            assertThat(get("/api/v1/logs/?app=fallback").body).hasSize(1);
        } finally {
            redis.start();
        }
        Eventually.holds(
                () -> curl("POST", "/api/v1/ingest/", "Accept: */*", """
                {"level":"INFO","message":"again","service":"svc","app":"fallback"}""").text.contains("redis"));
        Eventually.holds(() -> get("/health").text.equals("{\"status\":\"ok\"}"));
    }

    @Test
    void a_log_is_created_read_and_deleted() {
        Answer created = curl("POST", "/api/v1/logs/", "Content-Type: application/json", """
                {"level":"INFO","message":"m","service":"web","app":"single","metadata_":{"user_id":42}}""");

        // the original says 200
        assertThat(created.status).isEqualTo(201);
        assertThat(typesOf(created.body)).isEqualTo(LOG);
        assertThat(created.body.get("metadata_").toString()).isEqualTo("{\"user_id\":42}");
        assertThat(get("/api/v1/logs/?app=single").body.get(0)).isEqualTo(created.body);

        Answer deleted = curl("DELETE", "/api/v1/logs/" + created.body.get("id"));

        assertThat(deleted.status).isEqualTo(200);
        assertThat(deleted.body).isEqualTo(created.body);
        assertThat(get("/api/v1/logs/?app=single").text).isEqualTo("[]");
        assertProblem(404, curl("DELETE", "/api/v1/logs/" + created.body.get("id")));
    }

    @Test
    void logs_are_created_at_once() {
        int id = create("bulk-by-number");

        Answer created = curl(
                "POST",
                "/api/v1/bulk_logs/",
                "Content-Type: application/json",
                "[{\"level\":\"INFO\",\"message\":\"1\",\"service\":\"web\",\"app\":\"bulk-new\",\"metadata_\":{}},"
                        + "{\"level\":\"INFO\",\"message\":\"2\",\"service\":\"web\",\"app_id\":" + id
                        + ",\"metadata_\":{}}]");

        assertThat(created.status).isEqualTo(201);
        assertThat(created.body).hasSize(2).allSatisfy(log -> assertThat(typesOf(log))
                .isEqualTo(LOG));
        assertThat(created.body.get(1).get("app").asText()).isEqualTo("bulk-by-number");
        assertThat(get("/api/v1/logs/?app=bulk-new").body.get(0)).isEqualTo(created.body.get(0));
    }

    /** The original's list has no order and ignores {@code level}; its filter can't be reached. */
    @Test
    void logs_are_listed_by_page_app_and_level() {
        Instant first = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        StringBuilder logs = new StringBuilder();
        for (int n = 0; n < 70; n++) {
            logs.append("""
                    {"level":"%s","message":"%d","service":"%s","app":"listed","timestamp":"%s"}
                    """.formatted(
                            n % 2 == 0 ? "ERROR" : "INFO",
                            n,
                            n < 60 ? "listed-payment" : "listed-web",
                            first.plusSeconds(n / 10)));
        }
        assertThat(curl("POST", "/api/v1/bulk_logs/", "Content-Type: application/json", logs.toString()).status)
                .isEqualTo(201);

        assertThat(get("/api/v1/logs/?app=listed").body).hasSize(50);
        assertThat(messages("/api/v1/logs/?skip=0&limit=50&app=listed&level=ERROR"))
                .hasSize(35)
                .startsWith("68", "66", "64");
        assertThat(messages("/api/v1/logs/?skip=2&limit=3&app=listed&level=ERROR"))
                .containsExactly("64", "62", "60");
        assertThat(messages("/api/v1/logs/?skip=68&app=listed")).containsExactly("1", "0");
        assertThat(get("/api/v1/logs/?app=nobody").text).isEqualTo("[]");
        assertThat(get("/api/v1/logs/").body).hasSizeGreaterThanOrEqualTo(50);

        assertThat(messages("/api/v1/logs/filter?level=ERROR&service=listed-payment&app=listed"))
                .hasSize(30);
        String range = "&start_time=%s&end_time=%s".formatted(first.plusSeconds(1), first.plusSeconds(3));
        assertThat(messages("/api/v1/logs/filter?level=ERROR&service=listed-payment" + range))
                .containsExactly("28", "26", "24", "22", "20", "18", "16", "14", "12", "10");
        // without a zone, as Python's isoformat() writes it
        assertThat(messages("/api/v1/logs/filter?level=ERROR&service=listed-payment" + range.replace("Z", "")))
                .hasSize(10);
        assertThat(messages("/api/v1/logs/filter?level=ERROR&service=listed-payment" + range.replace("Z", "%2B00:00")))
                .hasSize(10);
        assertThat(messages("/api/v1/logs/filter?service=listed-payment&end_time=" + first))
                .isEmpty();
        assertThat(messages("/api/v1/logs/filter?service=listed-web&start_time=" + first.plusSeconds(6)))
                .hasSize(10);
    }

    /** The original answers 422. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/logs/?limit=many",
                "/api/v1/logs/?skip=-1",
                "/api/v1/logs/filter?start_time=yesterday",
                "/api/v1/logs/number"
            })
    void what_is_no_parameter_is_refused(String path) {
        assertProblem(400, get(path));
    }

    @Test
    void an_app_is_registered_listed_and_deleted_with_its_logs() {
        Answer created = curl("POST", "/api/v1/apps/", "Content-Type: application/json", """
                {"name": "demo", "description": "Demo app"}""");

        // the original says 200
        assertThat(created.status).isEqualTo(201);
        assertThat(typesOf(created.body)).isEqualTo(APP);
        assertThat(created.body.get("name").asText()).isEqualTo("demo");
        assertThat(created.body.get("description").asText()).isEqualTo("Demo app");
        assertThat(elements(get("/api/v1/apps/").body)).contains(created.body);
        // the original says 400
        assertProblem(409, curl("POST", "/api/v1/apps/", "Content-Type: application/json", "{\"name\":\"demo\"}"));
        // the original says 422
        assertProblem(400, curl("POST", "/api/v1/apps/", "Content-Type: application/json", "{\"description\":\"d\"}"));
        curl("POST", "/api/v1/logs/", "Content-Type: application/json", """
                {"level":"INFO","message":"m","service":"web","app":"demo"}""");

        Answer deleted = curl("DELETE", "/api/v1/apps/" + created.body.get("id"));

        assertThat(deleted.status).isEqualTo(200);
        assertThat(deleted.body).isEqualTo(created.body);
        assertThat(elements(get("/api/v1/apps/").body)).doesNotContain(created.body);
        Eventually.holds(() -> database.logs("demo") == 0);
        assertProblem(404, curl("DELETE", "/api/v1/apps/" + created.body.get("id")));
    }

    @Test
    void numbers_are_those_of_levels_and_services() {
        assertThat(typesOf(get("/api/v1/stats/").body))
                .isEqualTo(types("total_logs=integer by_level=object by_service=object by_app=object"));
        for (String level : List.of("INFO", "INFO", "ERROR")) {
            curl("POST", "/api/v1/logs/", "Content-Type: application/json", """
                    {"level":"%s","message":"m","service":"counted-web","app":"counted"}""".formatted(level));
        }

        // by_app, and the filters, are ours
        assertThat(get("/api/v1/stats/?app=counted").text)
                .isEqualTo("{\"total_logs\":3,\"by_level\":{\"INFO\":2,\"ERROR\":1},\"by_service\":{\"counted-web\":3},"
                        + "\"by_app\":{\"counted\":3}}");
        assertThat(get("/api/v1/stats/").body.at("/by_service/counted-web").asInt())
                .isEqualTo(3);
    }

    @Test
    void health_is_ok() {
        Eventually.passes(() -> {
            assertThat(get("/health").status).isEqualTo(200);
            assertThat(get("/health").text).isEqualTo("{\"status\":\"ok\"}");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000, POST, /api/v1/ingest/",
        "http://localhost:3001, GET, /api/v1/logs/",
        "http://localhost:3000, DELETE, /api/v1/logs/1"
    })
    void browsers_may_call_from_the_origins_that_are_set(String origin, String method, String path) {
        Answer answer = curl(
                "OPTIONS",
                path,
                "Origin: " + origin + "\r\nAccess-Control-Request-Method: " + method
                        + "\r\nAccess-Control-Request-Headers: content-type,x-api-key",
                "");

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.headers).containsEntry("access-control-allow-origin", origin);
        assertThat(answer.headers.get("access-control-allow-methods")).contains(method);
        assertThat(answer.headers.get("access-control-allow-headers")).contains("content-type", "x-api-key");
    }

    @Test
    void a_record_that_somebody_put_on_the_stream_is_stored() {
        String record = "{\"level\":\"INFO\",\"message\":\"demo log\",\"service\":\"svc\",\"app\":\"by-hand\"}";

        RedisConsole.ask(redis, console -> console.xadd("logs:stream", Map.of("data", record)));

        awaitLogs("by-hand", 1);
        assertThat(typesOf(get("/api/v1/logs/?app=by-hand").body.get(0))).isEqualTo(LOG_WITHOUT_METADATA);
        // what is stored leaves the queue: its length is its depth
        Eventually.holds(() -> RedisConsole.ask(redis, console -> console.xlen("logs:stream")) == 0);
        assertThat(RedisConsole.ask(redis, console -> console.xpending("logs:stream", "ingest-group"))
                        .getCount())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "{\"level\":\"INFO\",\"message\":\"no app\",\"service\":\"svc\"}",
                "{\"level\":\"INFO\",\"message\":\"no app 0\",\"service\":\"svc\",\"app_id\":987654}"
            })
    void what_cannot_be_stored_is_in_the_dead_letter_queue(String record) {
        String entry = RedisConsole.ask(redis, console -> console.xadd("logs:stream", Map.of("data", record)));

        Eventually.holds(() -> letters(entry).size() == 1);
        Map<String, String> letter = letters(entry).get(0).getBody();
        // the original's two
        assertThat(letter.get("error")).isNotBlank();
        assertThat(letter).containsEntry("msg_id", entry);
        // and ours
        assertThat(letter)
                .containsEntry("data", record)
                .containsEntry("line", "1")
                .containsEntry("source", "logs:stream")
                .containsKeys("reason", "failed_at", "received_at", "attempts", "replays", "app", "identity");
    }

    /** Whoever watched the original's queue may go on reading it as its own group. */
    @Test
    void other_groups_read_the_records_of_a_request_as_lines() {
        RedisConsole.ask(
                redis,
                console -> console.xgroupCreate(
                        XReadArgs.StreamOffset.from("logs:stream", "$"),
                        "watchers",
                        XGroupCreateArgs.Builder.mkstream()));
        try {
            curl("POST", "/api/v1/ingest/", "Content-Type: application/json", """
                    {"level":"INFO","message":"demo log","service":"svc","app":"watched"}""");

            List<StreamMessage<String, String>> entries = RedisConsole.ask(
                    redis,
                    console -> console.xreadgroup(
                            Consumer.from("watchers", "one"), XReadArgs.StreamOffset.lastConsumed("logs:stream")));

            assertThat(entries.stream()
                            .flatMap(entry -> entry.getBody().get("data").lines()))
                    .contains("""
                            {"level":"INFO","message":"demo log","service":"svc","app":"watched"}""");
        } finally {
            RedisConsole.ask(redis, console -> console.xgroupDestroy("logs:stream", "watchers"));
        }
    }

    @Test
    void the_tables_have_the_columns_of_the_original() {
        curl("POST", "/api/v1/apps/", "Content-Type: application/json", """
                {"name":"sql","description":"for people with SQL"}""");
        curl("POST", "/api/v1/logs/", "Content-Type: application/json", """
                {"level":"INFO","message":"m","service":"web","app":"sql","metadata_":{"user_id":42}}""");

        assertThat(database.column(
                        "SELECT concat_ws(' ', l.app, level, service, message, metadata_->>'user_id', description)"
                                + " FROM logs l JOIN apps a ON a.id = l.app_id"
                                + " WHERE name = 'sql' AND l.id > 0 AND timestamp < now() + interval '1 day'"))
                .containsExactly("sql INFO web m 42 for people with SQL");
    }

    private static List<StreamMessage<String, String>> letters(String entry) {
        return RedisConsole.ask(redis, console -> console.xrange("logs:dlq", Range.unbounded())).stream()
                .filter(letter -> entry.equals(letter.getBody().get("msg_id")))
                .toList();
    }

    private static int create(String app) {
        return curl("POST", "/api/v1/apps/", "Content-Type: application/json", "{\"name\":\"" + app + "\"}")
                .body
                .get("id")
                .asInt();
    }

    private static void awaitLogs(String app, int count) {
        Eventually.holds(() -> database.logs(app) == count);
    }

    private static List<String> messages(String path) {
        Answer answer = get(path);
        assertThat(answer.status).isEqualTo(200);
        return elements(answer.body).map(log -> log.get("message").asText()).toList();
    }

    private static void assertProblem(int status, Answer answer) {
        assertThat(answer.status).isEqualTo(status);
        assertThat(typesOf(answer.body)).containsKeys(PROBLEM.toArray(String[]::new));
        assertThat(answer.headers.get("content-type")).startsWith("application/problem+json");
    }

    private record Answer(int status, Map<String, String> headers, String text, JsonNode body) {}

    private static Answer get(String path) {
        return curl("GET", path);
    }

    private static Answer curl(String method, String path) {
        return exchange(method, path, "");
    }

    private static Answer curl(String method, String path, String headers, String body) {
        return exchange(method, path, headers + "\r\nContent-Length: " + body.length() + "\r\n", body);
    }

    private static Answer exchange(String method, String path, String headers, String... body) {
        try (RawConnection connection = new RawConnection(app.port())) {
            RawConnection.Answer answer = connection
                    .send(method + " " + path + " HTTP/1.1\r\nHost: localhost:8000\r\nUser-Agent: curl/8.5.0\r\n"
                            + "Accept: */*\r\n" + headers + "\r\n" + String.join("", body))
                    .answer();
            assertThat(answer).as("%s %s", method, path).isNotNull();
            JsonNode json = answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
            return new Answer(answer.status(), answer.headers(), answer.body(), json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(method + " " + path + " gave no JSON", e);
        }
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Map<String, String> typesOf(JsonNode object) {
        Map<String, String> types = new TreeMap<>();
        object.fields().forEachRemaining(field -> types.put(field.getKey(), typeOf(field.getValue())));
        return types;
    }

    private static String typeOf(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z")
                    ? "time"
                    : "string";
        }
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> types(String description) {
        Map<String, String> types = new TreeMap<>();
        for (String field : description.split(" ")) {
            types.put(field.split("=")[0], field.split("=")[1]);
        }
        return types;
    }

    private static Map<String, String> with(Map<String, String> types, String name, String type) {
        Map<String, String> changed = new TreeMap<>(types);
        changed.put(name, type);
        return changed;
    }
}
