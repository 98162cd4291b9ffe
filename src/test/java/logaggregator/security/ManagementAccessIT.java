package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.access.Attempts;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FailedStart;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;

/** Who gets in at the management port where it asks. */
class ManagementAccessIT {

    private static final String PASSWORD = "pass:word-of-operators";
    private static final String ADMIN = "an-admin-key-of-the-settings";
    private static final String READER = "a-read-key-of-the-settings";
    private static final String SHOP_READER = "a-key-that-reads-one-app";
    private static final String PRODUCER = "an-ingest-key-of-the-settings";

    /**
     * Status for: nobody (without a key, or with one that is wrong, revoked or expired), and keys with the scope ingest, read
     * and admin. 200, 302 and 404 tell that one was let in. Jolokia is asked by POST only.
     */
    private static final String TABLE = """
            GET   /actuator/health             200 200 200 200
            GET   /actuator/health/liveness    200 200 200 200
            GET   /actuator/health/readiness   200 200 200 200
            GET   /actuator/prometheus         401 403 200 200
            GET   /actuator/camelroutes        401 403 403 200
            GET   /actuator/jolokia            401 403 403 403
            GET   /actuator/jolokia/list       401 403 403 403
            POST  /actuator/jolokia            401 403 403 200
            GET   /actuator/hawtio/index.html  401 403 403 200
            POST  /actuator/hawtio/jolokia     401 403 403 200
            GET   /actuator/env                401 403 403 404
            GET   /actuator                    401 403 403 404
            GET   /                            401 403 403 404
            """;

    private static final AtomicInteger asked = new AtomicInteger();

    private static InProcessApp app;
    private static Api operators;
    private static List<String> nobodies;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Database.create(Servers.postgres(), "management_access"),
                Servers.redis().url(),
                "management-access:stream",
                "management.server.address=0.0.0.0",
                "operator.password=" + PASSWORD,
                "security.trusted-proxies=127.0.0.1",
                "access.api-keys=" + ADMIN + "," + READER + ":read," + SHOP_READER + ":read:shop," + PRODUCER
                        + ":ingest");
        operators = app.management();
        String revoked = create("{\"name\":\"revoked\",\"scopes\":[\"admin\"]}");
        String expired =
                create("{\"name\":\"expired\",\"scopes\":[\"admin\"],\"expires_at\":\"2999-01-01T00:00:00Z\"}");
        new Database(Servers.postgres(), "management_access")
                .execute("UPDATE api_keys SET revoked_at = now() WHERE name = 'revoked'");
        new Database(Servers.postgres(), "management_access")
                .execute("UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE name = 'expired'");
        nobodies = Arrays.asList(null, "la_" + "x".repeat(43), revoked, expired);
        for (String key : List.of(revoked, expired)) {
            Eventually.holds(() -> ask("GET", "/actuator/prometheus", key) == 401);
        }
    }

    private static String create(String fields) {
        Api.Answer created = app.api().as(ADMIN).post("/api/v1/keys/", fields.getBytes(StandardCharsets.UTF_8));
        assertThat(created.status()).isEqualTo(201);
        return created.body().get("key").asText();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static Stream<String> rows() {
        return TABLE.lines();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_key_opens_what_it_is_for(String row) {
        String[] parts = row.split("\\s+");
        List<Integer> statuses =
                Arrays.stream(parts).skip(2).map(Integer::valueOf).toList();
        for (String nobody : nobodies) {
            assertThat(ask(parts[0], parts[1], nobody))
                    .as("%s with %s", row, nobody)
                    .isEqualTo(statuses.get(0));
        }
        List<Integer> owners = Stream.of(PRODUCER, READER, ADMIN)
                .map(key -> ask(parts[0], parts[1], key))
                .toList();
        assertThat(owners).as(row).isEqualTo(statuses.subList(1, 4));
    }

    @Test
    void no_endpoint_is_forgotten() {
        assertThat(app.bean(PathMappedEndpoints.class).getAllPaths())
                .isNotEmpty()
                .allSatisfy(path -> assertThat(TABLE).contains(" " + path));
    }

    /** Each from an address of its own: who tries too often would be told so. */
    private static int ask(String method, String path, @Nullable String key) {
        String question = "{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"HeapMemoryUsage\"}";
        String address = "10.1.0." + asked.incrementAndGet() % 250;
        Api api = key == null ? operators : operators.as(key);
        return api.send(method, path, method.equals("POST") ? question : null, "X-Forwarded-For", address)
                .status();
    }

    @ParameterizedTest
    @CsvSource({
        "operator:" + PASSWORD + ", 200, 200",
        "anybody:" + ADMIN + ", 200, 200",
        "anybody:" + READER + ", 200, 403",
        "anybody:" + PASSWORD + ", 401, 401",
        "operator:wrong, 401, 401",
        "operator:, 401, 401"
    })
    void logins(String login, int metrics, int routes) {
        String header = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));

        assertThat(status("/actuator/prometheus", "Authorization", header)).isEqualTo(metrics);
        assertThat(status("/actuator/camelroutes", "Authorization", header)).isEqualTo(routes);
    }

    @ParameterizedTest
    @CsvSource({
        ADMIN + ", 200, 200",
        READER + ", 200, 403",
        SHOP_READER + ", 403, 403",
        PRODUCER + ", 403, 403",
        "no-such-key-at-all, 401, 401"
    })
    void keys(String key, int metrics, int routes) {
        assertThat(status("/actuator/prometheus", "X-API-Key", key)).isEqualTo(metrics);
        assertThat(status("/actuator/prometheus", "Authorization", "Bearer " + key))
                .isEqualTo(metrics);
        assertThat(status("/actuator/camelroutes", "X-API-Key", key)).isEqualTo(routes);
    }

    @Test
    void while_somebody_guesses_no_password_is_looked_at_and_keys_are() {
        String right = "Basic "
                + Base64.getEncoder().encodeToString(("operator:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        Attempts attempts = app.bean(Attempts.class);

        Eventually.holds(() -> {
            IntStream.range(0, 20).forEach(n -> attempts.mayFail("127.0.0.1"));
            return status("/actuator/prometheus", "Authorization", right) == 429;
        });
        assertThat(status("/actuator/prometheus", "X-API-Key", READER)).isEqualTo(200);

        Eventually.holds(() -> status("/actuator/prometheus", "Authorization", right) == 200);
    }

    @Test
    void a_password_that_could_be_guessed_is_refused() {
        ManagementDoor door = new ManagementDoor(
                null, new OperatorSettings("operator", "15-characters.."), new ManagementServerProperties());

        assertThatThrownBy(door::afterSingletonsInstantiated).hasMessageContaining("MANAGEMENT_PASSWORD");
    }

    @Test
    void nobody_else_gets_in_but_probes() {
        assertThat(operators.get("/actuator/hawtio/index.html").status()).isEqualTo(401);
        assertThat(operators.get("/actuator/prometheus").header("WWW-Authenticate"))
                .startsWith("Basic realm=");
        assertThat(operators.get("/actuator/env").status()).isEqualTo(401);
        assertThat(operators.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(operators.get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    /** A browser sends the password along, and to a plain address in a network no word of whose page has asked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/version",
                "/list",
                "/exec/java.lang:type=Memory/verbose",
                "/read/java.lang:type=Memory",
                "?p=exec/java.lang:type=Memory/verbose",
                "/?p=/read/java.lang:type=Memory",
                "/version?p=read/java.lang:type=Memory"
            })
    void nothing_is_done_for_whoever_only_follows_an_address(String rest) {
        for (String path : List.of("/actuator/jolokia" + rest, "/actuator/hawtio/jolokia" + rest)) {
            Api.Answer answer = operators.as(ADMIN).get(path);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body().get("code").asText()).isEqualTo("post_only");
            assertThat(operators.as(ADMIN).send("HEAD", path, null).status()).isEqualTo(403);
        }
    }

    @Test
    void jolokia_answers_whoever_posts() {
        String question = "{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"HeapMemoryUsage\"}";

        assertThat(operators
                        .as(ADMIN)
                        .send("POST", "/actuator/jolokia", question)
                        .body()
                        .at("/value/used")
                        .asLong())
                .isPositive();
    }

    /** Whoever got in and asks Jolokia for its own is told it; nobody is told where the code failed. */
    @Test
    void no_answer_tells_a_version_or_a_stack() {
        for (String path : List.of("/", "/actuator/jolokia/version", "/actuator/env", "/actuator/health/liveness")) {
            Api.Answer answer = operators.as(ADMIN).get(path);
            assertThat(answer.response().body() + answer.response().headers().map())
                    .doesNotContainIgnoringCase("tomcat", "jolokia/", "hawtio/", "camel/", "\tat ")
                    .doesNotContainPattern("\\d+\\.\\d+\\.\\d+(?!\\.)");
        }
        for (String question : List.of(
                "no JSON",
                "{\"type\":\"nonsense\"}",
                "{\"type\":\"read\",\"mbean\":\"java.lang:type=None\"}",
                "{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"None\"}",
                "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc()\"}")) {
            Api.Answer answer = operators.as(ADMIN).send("POST", "/actuator/jolokia", question);
            assertThat(answer.response().body()).as(question).doesNotContain("stacktrace", "\\tat ", "\tat ");
        }
    }

    @Test
    void open_to_others_it_wants_a_password_or_a_key() {
        FailedStart start = FailedStart.with(Map.of(
                "MANAGEMENT_ADDRESS",
                "0.0.0.0",
                "DATABASE_URL",
                Database.create(Servers.postgres(), "management_closed"),
                "REDIS_URL",
                Servers.redis().url()));

        assertThat(start.status()).isEqualTo(1);
        assertThat(start.output())
                .contains("MANAGEMENT_ADDRESS", "MANAGEMENT_PASSWORD", "API key")
                .doesNotContain("\tat ");
    }

    private static int status(String path, String header, String value) {
        return operators.send("GET", path, null, header, value).status();
    }
}
