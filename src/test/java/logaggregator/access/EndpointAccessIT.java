package logaggregator.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.Endpoints;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Who may do what, endpoint by endpoint. An endpoint that isn't in the table fails the test: whoever adds one says here who
 * may call it.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointAccessIT {

    private static final String ADMIN = "an-admin-key-of-the-settings";

    /**
     * Status for: nobody (without a key, or with one that is wrong, revoked or expired), and keys with the scope ingest, read
     * and admin, and with ingest and read for another app than the one asked about. 200 and 404 tell that one was let in.
     */
    private static final String TABLE = """
            GET    /                                  200 200 200 200 200
            GET    /health                            200 200 200 200 200
            GET    /livez                             200 200 200 200 200
            GET    /readyz                            200 200 200 200 200
            GET    /ui/                               200 200 200 200 200
            GET    /docs                              401 302 302 302 302
            GET    /swagger-ui/index.html             401 200 200 200 200
            GET    /openapi.json                      401 200 200 200 200
            GET    /openapi.json/swagger-config       401 200 200 200 200
            GET    /nothing                           401 403 403 404 403
            GET    /actuator/env                      401 403 403 404 403
            POST   /api/v1/ingest                     401 200 403 200 403
            POST   /api/v1/logs                       401 201 403 201 403
            POST   /api/v1/bulk_logs                  401 201 403 201 403
            GET    /api/v1/logs                       401 403 200 200 200
            GET    /api/v1/logs/filter                401 403 200 200 200
            GET    /api/v1/logs/export                401 403 200 200 200
            HEAD   /api/v1/logs/tail                  401 403 200 200 200
            GET    /api/v1/logs/{id}                  401 403 200 200 404
            GET    /api/v1/logs/{id}/context          401 403 200 200 404
            DELETE /api/v1/logs/{none}                401 403 403 404 403
            GET    /api/v1/stats                      401 403 200 200 200
            GET    /api/v1/stats/histogram            401 403 200 200 200
            GET    /api/v1/stats/fields               401 403 200 200 200
            DELETE /api/v1/queries/{uuid}             401 403 200 200 200
            GET    /api/v1/receipts/{uuid}            401 404 404 404 404
            GET    /api/v1/ledger                     401 403 200 200 403
            GET    /api/v1/status                     401 403 200 200 403
            POST   /api/v1/apps                       401 403 403 400 403
            GET    /api/v1/apps                       401 403 200 200 200
            GET    /api/v1/apps/{app}                 401 403 200 200 404
            PATCH  /api/v1/apps/{none}                401 403 403 404 403
            DELETE /api/v1/apps/{none}                401 403 403 404 403
            GET    /api/v1/dlq                        401 403 403 200 403
            GET    /api/v1/dlq/counts                 401 403 403 200 403
            GET    /api/v1/dlq/{none}                 401 403 403 404 403
            POST   /api/v1/dlq/{none}/replay          401 403 403 404 403
            POST   /api/v1/dlq/replay                 401 403 403 200 403
            DELETE /api/v1/dlq/{none}                 401 403 403 404 403
            DELETE /api/v1/dlq                        401 403 403 400 403
            GET    /api/v1/alerts                     401 403 200 200 403
            GET    /api/v1/alerts/rules               401 403 200 200 403
            GET    /api/v1/alerts/silences            401 403 200 200 403
            POST   /api/v1/alerts/silences            401 403 403 400 403
            DELETE /api/v1/alerts/silences/{none}     401 403 403 404 403
            GET    /api/v1/alerts/channels            401 403 200 200 403
            POST   /api/v1/alerts/channels/{no}/test  401 403 403 404 403
            GET    /api/v1/keys                       401 403 403 200 403
            POST   /api/v1/keys                       401 403 403 400 403
            GET    /api/v1/keys/{none}                401 403 403 404 403
            DELETE /api/v1/keys/{none}                401 403 403 404 403
            GET    /api/v1/session                    200 200 200 200 200
            POST   /api/v1/session                    401 204 204 204 204
            DELETE /api/v1/session                    204 204 204 204 204
            """;

    private static final AtomicInteger asked = new AtomicInteger();

    private static InProcessApp app;
    private static Map<String, String> ids;
    private static List<String> nobodies;
    private static List<String> owners;

    record Row(String method, String path, List<Integer> statuses) {

        static Row parse(String line) {
            String[] parts = line.strip().split("\\s+");
            return new Row(
                    parts[0],
                    parts[1],
                    Arrays.stream(parts).skip(2).map(Integer::valueOf).toList());
        }

        /** As the service calls it. */
        String endpoint() {
            return (method.equals("HEAD") ? "GET" : method) + " " + path.replaceAll("\\{\\w+}", "{}");
        }
    }

    @BeforeAll
    static void start() {
        String url = Database.create(Servers.postgres(), "endpoint_access");
        app = new InProcessApp(
                url,
                Servers.redis().url(),
                "endpoint-access:stream",
                "access.api-keys=" + ADMIN,
                "access.logs-per-minute-per-key=0",
                "security.trusted-proxies=127.0.0.1");
        Api admin = app.api().as(ADMIN);
        String log = admin.post("/api/v1/logs/", Records.json("shop", 1).getBytes())
                .body()
                .get("id")
                .asText();
        String id = admin.get("/api/v1/apps?name=shop").body().get(0).get("id").asText();
        ids = Map.of(
                "id", log, "app", id, "none", "987654321", "uuid", "00000000-0000-4000-8000-000000000000", "no", "no");

        String revoked = create("\"scopes\":[\"admin\"]");
        String expired = create("\"scopes\":[\"admin\"],\"expires_at\":\"2999-01-01T00:00:00Z\"");
        admin.delete("/api/v1/keys/"
                + admin.get("/api/v1/keys").body().get(1).get("id").asText());
        new Database(Servers.postgres(), "endpoint_access")
                .execute("UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE expires_at IS NOT NULL");
        nobodies = Arrays.asList(null, "la_" + "x".repeat(43), revoked, expired);
        owners = List.of(
                create("\"scopes\":[\"ingest\"]"),
                create("\"scopes\":[\"read\"]"),
                ADMIN,
                create("\"scopes\":[\"ingest\",\"read\"],\"apps\":[\"other\"]"));
        Eventually.holds(() -> app.api().as(expired).get("/api/v1/ledger").status() == 401);
    }

    private static String create(String fields) {
        return NewKey.create(app.api().as(ADMIN), fields).body().get("key").asText();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static Stream<Row> rows() {
        return TABLE.lines().map(Row::parse);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_key_opens_what_it_is_for(Row row) {
        for (String nobody : nobodies) {
            assertThat(ask(row, nobody))
                    .as("%s with %s", row, nobody)
                    .isEqualTo(row.statuses().get(0));
        }
        for (int i = 0; i < owners.size(); i++) {
            assertThat(ask(row, owners.get(i)))
                    .as("%s, owner %s", row, i)
                    .isEqualTo(row.statuses().get(i + 1));
        }
    }

    private static String path(Row row) {
        String path = row.path();
        for (Map.Entry<String, String> id : ids.entrySet()) {
            path = path.replace("{" + id.getKey() + "}", id.getValue());
        }
        return path;
    }

    private static int ask(Row row, String key) {
        String body =
                switch (row.method() + " " + row.path()) {
                    case "POST /api/v1/ingest", "POST /api/v1/logs", "POST /api/v1/bulk_logs" ->
                        Records.json("shop", 1);
                    case "PATCH /api/v1/apps/{none}" -> "{}";
                    case "POST /api/v1/session" -> "{\"key\":" + (key == null ? "null" : "\"" + key + "\"") + "}";
                    default -> row.method().equals("POST") ? "" : null;
                };
        Api api = key == null ? app.api() : app.api().as(key);
        // each from an address of its own: who tries too often would be told so
        String address = "10.0." + asked.incrementAndGet() / 256 + "." + asked.get() % 256;
        Api.Answer answer = api.send(row.method(), path(row), body, "X-Forwarded-For", address);
        if (answer.status() == 401) {
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"log-aggregator\"");
            if (!row.method().equals("HEAD")) {
                assertThat(answer.body().get("code").asText()).isEqualTo("unauthorized");
            }
        }
        return answer.status();
    }

    @Test
    void what_admins_change_is_noted_with_their_key(CapturedOutput output) {
        Api.Answer created = NewKey.create(app.api().as(ADMIN), "\"scopes\":[\"admin\"]");
        String owner = "key-" + created.body().get("id").asText() + " \"test\": ";
        List<Row> changes = rows().filter(row -> !row.method().equals("GET"))
                .filter(row -> row.statuses()
                        .subList(1, 5)
                        .equals(List.of(403, 403, row.statuses().get(3), 403)))
                .toList();
        assertThat(changes).hasSizeGreaterThan(10);

        for (Row row : changes) {
            int status = ask(row, created.body().get("key").asText());

            Eventually.passes(
                    () -> assertThat(output.getOut()).contains(owner + row.method() + " " + path(row) + ": " + status));
        }
        app.api().as(created.body().get("key").asText()).delete("/api/v1/dlq?reason=nonsense");
        Eventually.passes(() -> assertThat(output.getOut()).contains(owner + "DELETE /api/v1/dlq?reason=nonsense: "));
    }

    @Test
    void no_endpoint_is_forgotten() {
        app.api().get("/"); // makes the servlet look for its handlers
        Set<String> endpoints = Endpoints.of(app).stream()
                .map(endpoint -> endpoint.replaceAll("\\{\\w+}", "{}"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows().map(Row::endpoint).toList()).containsAll(endpoints);
    }

    /** Whatever else would read as another path gets in nowhere: CVE-2026-40022 and the like. */
    @Test
    void a_path_written_otherwise_opens_nothing() {
        for (String path : List.of(
                "//api/v1/logs",
                "/api//v1/logs",
                "/API/v1/logs",
                "/api/v1/logs;x=1",
                "/api/v1;x/logs",
                "/api/v1/%6cogs",
                "/%61pi/v1/logs",
                "/ui/../api/v1/logs",
                "/ui/..;/api/v1/logs",
                "/ui/%2e%2e/api/v1/logs",
                "/health/../api/v1/logs",
                "/health;/../api/v1/logs",
                "/./api/v1/logs",
                "/actuator/health/..%2f..%2fapi/v1/logs",
                "/api/v1/ingest/../logs",
                "/api/v1/session/../logs")) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                assertThat(app.api().send(method, path, null).status())
                        .as("%s %s", method, path)
                        .isIn(400, 401);
            }
        }
    }

    @Test
    void one_wrong_key_is_refused_as_the_other() {
        Set<String> answers = nobodies.stream()
                .skip(1)
                .map(key -> app.api().as(key).get("/api/v1/logs"))
                .map(answer -> answer.response().body().replaceAll("\"request_id\":\"[^\"]*\"", "")
                        + answer.header("WWW-Authenticate"))
                .collect(Collectors.toSet());

        assertThat(answers).hasSize(1).allMatch(answer -> answer.endsWith("Bearer realm=\"log-aggregator\""));
    }
}
