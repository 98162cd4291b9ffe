package logaggregator.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.openapi.DescribedApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import logaggregator.alert.AlertBook;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.ChannelResult;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Each endpoint answers as it is described: {@link DescribedApi} finds fault with a status, a content type, a header or a
 * shape that isn't. In the end each answer that is described has been seen.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnswersIT {

    private static final String GOOD = Records.json("answers", 1);
    private static final String BAD = "{\"level\":\"INFO\",\"message\":\"m\",\"app\":\"answers\"}";
    private static final String NOBODY = "987654321";

    /** Asked with it, an endpoint finds nothing wrong with the path. */
    private static final String SOME_UUID = "00000000-0000-4000-8000-000000000000";

    private static final String KEY = "an-admin-key-of-the-settings";
    private static final String INGEST_KEY = "an-ingest-key-of-the-settings";
    private static final String READ_KEY = "a-read-key-of-the-settings";
    private static final String KEYS = "access.api-keys=" + KEY + "," + INGEST_KEY + ":ingest," + READ_KEY + ":read";
    private static final String NO_LIMIT = "access.logs-per-minute-per-key=0";

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static InProcessApp app;

    /** Has small limits, and no worker. */
    private static InProcessApp narrow;

    private static Description description;
    private static DescribedApi api;
    private static DescribedApi narrowApi;

    @BeforeAll
    static void start() {
        postgres = new PostgresProcess(Servers.newDirectory("answers"));
        redis = new RedisProcess(Servers.newDirectory("answers-redis"));
        app = new InProcessApp(postgres, redis, "answers:stream", "database.query-timeout=1", KEYS, NO_LIMIT);
        narrow = new InProcessApp(
                postgres,
                redis,
                "answers-narrow:stream",
                "app.roles=api",
                "bodies.timeout-ms=300",
                "ingest.max-body-bytes=200000",
                "ingest.max-lag=1000",
                KEYS,
                NO_LIMIT);
        description = DescribedApi.description(app.port(), KEY);
        api = new DescribedApi(app.port(), description, KEY);
        narrowApi = new DescribedApi(narrow.port(), description, KEY);
    }

    @AfterAll
    static void stop() {
        narrow.close();
        app.close();
        redis.close();
        if (postgres.isRunning()) {
            postgres.close();
        }
    }

    @Test
    @Order(1)
    void logs_are_sent() {
        String lines = Records.ndjson("answers", 0, 3) + "\n" + BAD;
        JsonNode answer = json(api.post("/api/v1/ingest/?ack=stored", lines, "Idempotency-Key", "answers-1"));
        assertThat(answer.get("stored").asInt()).isEqualTo(3);
        assertThat(answer.get("dead_lettered")).hasSize(1);
        api.get("/api/v1/receipts/" + answer.get("receipts").get(0).asText());

        JsonNode again = json(api.post("/api/v1/ingest", lines, "Idempotency-Key", "answers-1"));
        assertThat(again.get("duplicates").asInt()).isEqualTo(4);

        api.post("/api/v1/ingest/", BAD);
        api.post("/api/v1/ingest/", "");
        api.post("/api/v1/ingest/?strict=true", lines);
        api.post("/api/v1/ingest/?ack=maybe", GOOD);
    }

    @Test
    @Order(1)
    void logs_are_stored_read_and_deleted() {
        HttpResponse<String> created = api.post("/api/v1/logs/", GOOD, "Idempotency-Key", "answers-2");
        assertThat(created.statusCode()).isEqualTo(201);
        api.post("/api/v1/logs/", GOOD, "Idempotency-Key", "answers-2");
        api.post("/api/v1/logs/", GOOD + "\n" + GOOD);
        api.post("/api/v1/bulk_logs/", Records.ndjson("answers", 5, 9), "Idempotency-Key", "answers-3");
        api.post("/api/v1/bulk_logs/", Records.ndjson("answers", 5, 9), "Idempotency-Key", "answers-3");
        api.post("/api/v1/bulk_logs/", GOOD + "\n" + BAD);
        api.post(
                "/api/v1/logs",
                "{\"level\":\"INFO\",\"message\":\"without metadata\",\"service\":\"s\",\"app\":\"answers\"}");

        String path = "/api/v1/logs/" + json(created).get("id").asText();
        for (String list : List.of("/api/v1/logs/", "/api/v1/logs/filter")) {
            HttpResponse<String> page = api.get(list + "?limit=2&count=true&order=asc&app=answers&q=NOT%20nothing");
            api.get(page.headers().firstValue("Link").orElseThrow().replaceFirst("<(.*)>.*", "$1"));
            assertThat(page.headers().firstValue("X-Total-Count")).isPresent();
        }
        assertThat(json(api.get("/api/v1/logs/?cursor=AAAA")).get("code").asText())
                .isEqualTo("invalid_cursor");
        api.get(path);
        api.get(path + "/context");
        assertThat(json(api.get("/api/v1/stats/")).get("by_app").get("answers").asInt())
                .isPositive();
        assertThat(json(api.get("/api/v1/stats/histogram?interval=1h"))).isNotEmpty();
        assertThat(json(api.get("/api/v1/stats/fields")).get("metadata_")).isNotEmpty();
        assertThat(api.get("/api/v1/logs/export").body().lines()).hasSizeGreaterThan(3);
        assertThat(api.get("/api/v1/logs/export?format=csv").body().lines()).hasSizeGreaterThan(3);
        assertThat(api.get("/api/v1/logs/export?format=parquet").body()).startsWith("PAR1");
        api.send("DELETE", path, null);
        api.send("DELETE", path, null);
        assertThat(json(api.get("/api/v1/logs/?q=a%20AND")).get("position").asInt())
                .isEqualTo(6);
        assertThat(json(api.send("DELETE", "/api/v1/queries/" + SOME_UUID, null))
                        .get("cancelled")
                        .asInt())
                .isZero();
        api.get("/api/v1/ledger");
        assertThat(json(api.get("/api/v1/status")).get("routes")).isNotEmpty();
        api.get("/health");
        api.get("/");
    }

    @Test
    @Order(1)
    void logs_are_followed() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + app.port() + "/api/v1/logs/tail?app=answers-tail"))
                .header("X-API-Key", KEY)
                .build();
        HttpResponse<InputStream> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        try (BufferedReader events = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
            description.check(
                    "GET",
                    "/api/v1/logs/tail",
                    200,
                    name -> answer.headers().firstValue(name).orElse(null),
                    ":");
            api.post(
                    "/api/v1/ingest/",
                    "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app\":\"answers-tail\"}");
            api.post("/api/v1/ingest/", Records.json("answers-tail", 1));
            for (int seen = 0; seen < 2; ) {
                String line = events.readLine();
                if (line.startsWith("data: ")) {
                    description.checkShape("LiveLog", line.substring(6));
                    seen++;
                }
            }
        }
    }

    @Test
    @Order(1)
    void apps_are_kept() {
        HttpResponse<String> created = api.post(
                "/api/v1/apps/", "{\"name\":\"answers-app\",\"description\":\"An app\",\"retention_days\":30}");
        String path = "/api/v1/apps/" + json(created).get("id").asText();
        api.post("/api/v1/apps/", "{\"name\":\"answers-app\"}");
        api.post("/api/v1/apps/", "{}");
        assertThat(api.get("/api/v1/apps/?limit=1").headers().firstValue("Link"))
                .isPresent();
        api.get(path);
        api.send("PATCH", path, "{\"description\":null,\"retention_days\":null}");
        api.send("PATCH", path, "{\"name\":\"other\"}");
        api.send("DELETE", path, null);
        api.send("PATCH", path, "{}");
    }

    @Test
    @Order(1)
    void dead_letters_are_looked_after() {
        api.post("/api/v1/ingest/", appId(NOBODY), "Idempotency-Key", "answers-4");
        JsonNode mixed = json(api.post(
                "/api/v1/ingest/?ack=stored", GOOD + ("\n" + appId(NOBODY)).repeat(2), "Idempotency-Key", "answers-5"));
        assertThat(mixed.get("dead_lettered")).isNotEmpty();
        api.get("/api/v1/receipts/" + mixed.get("receipts").get(0).asText());
        Eventually.passes(() -> assertThat(json(api.get("/api/v1/dlq/?limit=5&reason=unknown_app")))
                .hasSizeGreaterThan(1));
        HttpResponse<String> page = api.get("/api/v1/dlq/?limit=1");
        assertThat(page.headers().firstValue("Link")).isPresent();
        String path = "/api/v1/dlq/" + json(page).get(0).get("id").asText();
        api.get(path);
        assertThat(json(api.get("/api/v1/dlq/counts")).get("by_reason")).isNotEmpty();
        assertThat(json(api.post(path + "/replay", "")).get("replayed").asInt()).isEqualTo(1);
        api.post("/api/v1/dlq/replay?reason=unknown_app", "");
        Eventually.passes(() -> assertThat(json(api.get("/api/v1/dlq/"))).isNotEmpty());
        String left =
                "/api/v1/dlq/" + json(api.get("/api/v1/dlq/")).get(0).get("id").asText();
        api.send("DELETE", left, null);
        api.send("DELETE", "/api/v1/dlq/?all=true", null);
        api.send("DELETE", "/api/v1/dlq/", null);
    }

    @Test
    @Order(1)
    void alerts_are_listed_and_silenced() {
        HttpResponse<String> created = api.post(
                "/api/v1/alerts/silences/", "{\"rule\":\"ERROR\",\"group\":\"g\",\"until\":\"+1h\",\"comment\":\"c\"}");
        api.post("/api/v1/alerts/silences/", "{\"rule\":\"ERROR\",\"until\":\"2099-01-31T12:00:00Z\"}");
        for (String bad :
                List.of("{", "[]", "{\"rule\":\"r\"}", "{\"until\":\"+1h\"}", "{\"rule\":\"r\",\"until\":\"-1h\"}")) {
            assertThat(api.post("/api/v1/alerts/silences/", bad).statusCode())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(json(api.get("/api/v1/alerts/silences/"))).hasSizeGreaterThanOrEqualTo(2);
        assertThat(json(api.get("/api/v1/alerts/rules/")).get("rules")).isNotEmpty();

        api.post("/api/v1/bulk_logs/", (GOOD.replace("INFO", "ERROR") + "\n").repeat(10));
        app.bean(AlertBook.class)
                .record(
                        new AlertNotice("r", "warning", 1, "", Instant.now(), Instant.now(), Instant.now(), "m", ""),
                        Instant.now(),
                        List.of(
                                new ChannelResult("a", true, 1, 1, null),
                                new ChannelResult("b", false, 3, 9, "refused")));
        Eventually.passes(
                () -> assertThat(json(api.get("/api/v1/alerts/")).get("firing")).isNotEmpty());
        assertThat(json(api.get("/api/v1/alerts/?limit=1")).get("recent")).hasSize(1);

        String path = created.headers().firstValue("Location").orElseThrow();
        api.send("DELETE", path, null);
        api.send("DELETE", path, null);
    }

    @Test
    @Order(1)
    void alerts_are_sent_to_channels() {
        assertThat(json(api.get("/api/v1/alerts/channels"))).hasSize(6);
        JsonNode result = json(api.post("/api/v1/alerts/channels/print/test", ""));
        assertThat(result.get("delivered").asBoolean()).isTrue();
        assertThat(api.post("/api/v1/alerts/channels/slack/test", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    @Order(1)
    void keys_are_made_and_revoked() {
        HttpResponse<String> created = api.post(
                "/api/v1/keys/",
                "{\"name\":\"n\",\"scopes\":[\"read\"],\"apps\":[\"a\"],\"expires_at\":\"2999-01-01T00:00:00Z\"}");
        HttpResponse<String> small =
                api.post("/api/v1/keys/", "{\"name\":\"n\",\"scopes\":[\"ingest\"],\"logs_per_minute\":1}");
        DescribedApi producer =
                new DescribedApi(app.port(), description, json(small).get("key").asText());
        assertThat(producer.post("/api/v1/ingest", GOOD).statusCode()).isEqualTo(200);
        for (String path : List.of("/api/v1/ingest", "/api/v1/logs", "/api/v1/bulk_logs")) {
            assertThat(producer.post(path, GOOD).statusCode()).as(path).isEqualTo(429);
        }
        String path = created.headers().firstValue("Location").orElseThrow();
        api.get(path);
        assertThat(json(api.get("/api/v1/keys/"))).hasSizeGreaterThanOrEqualTo(2);
        String key = json(created).get("key").asText();
        DescribedApi owner = new DescribedApi(app.port(), description, key);
        owner.get("/api/v1/session");
        owner.post("/api/v1/session", "{\"key\":\"" + key + "\"}");
        owner.send("DELETE", "/api/v1/session", null);
        new DescribedApi(app.port(), description).get("/api/v1/session");
        owner.post("/api/v1/session", "{}", "Sec-Fetch-Site", "cross-site");
        api.send("DELETE", path, null);
        owner.get("/api/v1/session");
    }

    @Test
    @Order(1)
    void nobody_gets_in_without_a_key_that_is_for_it() {
        DescribedApi stranger = new DescribedApi(app.port(), description);
        DescribedApi producer = new DescribedApi(app.port(), description, INGEST_KEY);
        DescribedApi reader = new DescribedApi(app.port(), description, READ_KEY);
        for (String operation : description.operations()) {
            if (statuses(operation).contains("401")) {
                String body = operation.endsWith("session") ? "{\"key\":\"wrong\"}" : "";
                assertThat(ask(stranger, operation, "1", body)).as(operation).isEqualTo(401);
            }
            if (statuses(operation).contains("403") && !operation.endsWith("session")) {
                boolean sends = operation.matches("POST /api/v1/(ingest|logs|bulk_logs)");
                assertThat(ask(sends ? reader : producer, operation, "1", ""))
                        .as(operation)
                        .isEqualTo(403);
            }
        }
    }

    @Test
    @Order(1)
    void requests_that_make_no_sense_are_refused() {
        for (String operation : description.operations()) {
            Set<String> statuses = statuses(operation);
            if (statuses.contains("404")) {
                assertThat(ask(api, operation, operation.contains("receipts") ? SOME_UUID : NOBODY, "{}"))
                        .as(operation)
                        .isEqualTo(404);
            }
            if (statuses.contains("400")) {
                assertThat(ask(api, operation + "?nonsense=1", "x", ""))
                        .as(operation)
                        .isEqualTo(400);
            }
            if (statuses.contains("406")) {
                boolean creates = operation.startsWith("POST") && !operation.contains("dlq");
                String body = body(operation, "answers-406");
                if (!operation.contains("{")) {
                    String query = operation.equals("DELETE /api/v1/dlq") ? "?reason=none" : "";
                    assertThat(ask(api, operation + query, "", creates ? body : "", "Accept", "image/png"))
                            .as(operation)
                            .isEqualTo(406);
                }
            }
            if (statuses.contains("415")) {
                assertThat(ask(api, operation, "1", GOOD, "Content-Encoding", "br"))
                        .isEqualTo(415);
                assertThat(ask(narrowApi, operation, "1", " ".repeat(200_001))).isEqualTo(413);
            }
        }
    }

    @Test
    @Order(1)
    void bodies_that_do_not_arrive_are_given_up() {
        for (String operation : description.operations()) {
            if (statuses(operation).contains("408")) {
                String[] parts = operation.split(" ");
                String path = parts[1].replaceAll("\\{\\w+}", "1");
                try (RawConnection connection = new RawConnection(narrow.port())) {
                    RawConnection.Answer answer = connection
                            .send(parts[0] + " " + path + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + KEY
                                    + "\r\nContent-Length: 9\r\n\r\n{")
                            .answer();
                    description.check(
                            parts[0],
                            path,
                            answer.status(),
                            name -> answer.headers().get(name.toLowerCase(Locale.ROOT)),
                            answer.body());
                    assertThat(answer.status()).isEqualTo(408);
                }
            }
        }
    }

    @Test
    @Order(2)
    void nobody_stores_and_the_queue_is_full() {
        HttpResponse<String> answer =
                narrowApi.post("/api/v1/ingest/", Records.ndjson("full", 0, 1_500), "Prefer", "wait=1");
        assertThat(answer.statusCode()).isEqualTo(504);
        narrowApi.get("/api/v1/receipts/" + json(answer).get("receipts").get(0).asText());

        Eventually.holds(() -> narrowApi
                        .post("/api/v1/ingest/", Records.ndjson("full", 0, 1_500))
                        .statusCode()
                == 429);
    }

    @Test
    @Order(3)
    void queries_take_too_long() throws Exception {
        try (Connection other = DriverManager.getConnection(new Database(postgres).jdbcUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE logs, counts, day_counts, apps IN ACCESS EXCLUSIVE MODE");
            atOnce(operation -> {
                if (!operation.startsWith("POST") && statuses(operation).contains("504")) {
                    assertThat(ask(api, operation, "1", null)).as(operation).isEqualTo(504);
                }
            });
            other.rollback();
        }
    }

    @Test
    @Order(4)
    void the_servers_are_away() {
        redis.kill();
        postgres.crash();
        Eventually.holds(() -> api.get("/health").statusCode() == 503);
        atOnce(operation -> {
            if (statuses(operation).contains("503")) {
                String id = operation.contains("receipts") || operation.contains("queries")
                        ? UUID.randomUUID().toString()
                        : operation.contains("dlq") ? "1-1" : "1";
                String body = body(operation, "away");
                String query = operation.equals("DELETE /api/v1/dlq") ? "?all=true" : "";
                // the other one may have a listener still, and would go on
                DescribedApi service = operation.endsWith("tail") ? narrowApi : api;
                assertThat(ask(service, operation + query, id, body))
                        .as(operation)
                        .isEqualTo(503);
            }
        });
    }

    /** Nobody knows a fault of the service that makes it answer 500; 406 is tried where there is no id in the path. */
    @Test
    @Order(5)
    void nothing_is_described_that_is_never_answered() {
        Set<String> unseen = new TreeSet<>(description.unseen());
        unseen.removeIf(answer -> answer.endsWith(" 500") || answer.contains("{") && answer.endsWith(" 406"));

        assertThat(unseen).isEmpty();
    }

    /** Asks all endpoints, without waiting for one after the other. */
    private static void atOnce(Consumer<String> question) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            description.operations().stream()
                    .map(operation -> CompletableFuture.runAsync(() -> question.accept(operation), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }

    private static Set<String> statuses(String operation) {
        Set<String> statuses = new TreeSet<>();
        description.operation(operation).get("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    private static int ask(DescribedApi service, String operation, String id, String body, String... headers) {
        String[] parts = operation.split(" ");
        return service.send(
                        parts[0], parts[1].replaceAll("\\{\\w+}", id), parts[0].equals("GET") ? null : body, headers)
                .statusCode();
    }

    /** One that makes sense there. */
    private static String body(String operation, String name) {
        return operation.contains("apps")
                ? "{\"name\":\"" + name + "\"}"
                : operation.contains("silences")
                        ? "{\"rule\":\"" + name + "\",\"until\":\"+1h\"}"
                        : operation.contains("keys")
                                ? "{\"name\":\"" + name + "\",\"scopes\":[\"read\"]}"
                                : operation.contains("session") ? "{\"key\":\"" + KEY + "\"}" : GOOD;
    }

    private static String appId(String id) {
        return "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":" + id + "}";
    }
}
