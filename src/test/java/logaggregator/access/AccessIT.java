package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FailedStart;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Keys and sessions, as those who have them see them; two services with one database. */
@ExtendWith(OutputCaptureExtension.class)
class AccessIT {

    private static final String ADMIN = "an-admin-key-of-the-settings";

    private static Map<String, String> settings;
    private static AppProcess app;
    private static InProcessApp other;
    private static Path directory;
    private static Api admin;

    @BeforeAll
    static void start() {
        settings = Map.of(
                "DATABASE_URL", Database.create(Servers.postgres(), "access"),
                "REDIS_URL", Servers.redis().url(),
                "INGEST_STREAM", "access:stream",
                "INGEST_DLQ", "access:dlq",
                "TRUSTED_PROXIES", "127.0.0.0/8",
                "RATE_LIMIT_PER_KEY", "0",
                "API_KEYS", ADMIN);
        directory = Servers.newDirectory("access");
        app = new AppProcess(directory, settings);
        other = new InProcessApp(
                settings.get("DATABASE_URL"),
                Servers.redis().url(),
                "access:stream",
                "app.roles=api",
                "access.api-keys=" + ADMIN);
        admin = app.api().as(ADMIN);
    }

    @AfterAll
    static void stop() {
        other.close();
        app.close();
    }

    private static Answer create(String fields) {
        Answer answer = admin.post("/api/v1/keys/", ("{\"name\":\"test\"," + fields + "}").getBytes(UTF_8));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer;
    }

    private static Api owner(String fields) {
        return app.api().as(create(fields).body().get("key").asText());
    }

    @Test
    void a_key_for_one_app_neither_reads_nor_writes_another() {
        admin.post("/api/v1/bulk_logs/", Records.ndjson("own", 0, 3).getBytes(UTF_8));
        admin.post("/api/v1/bulk_logs/", Records.ndjson("foreign", 0, 5).getBytes(UTF_8));
        String foreign =
                admin.get("/api/v1/apps?name=foreign").body().get(0).get("id").asText();
        Api owner = owner("\"scopes\":[\"ingest\",\"read\"],\"apps\":[\"own\"]");

        assertThat(owner.get("/api/v1/logs/?count=true").header("X-Total-Count"))
                .isEqualTo("3");
        for (String filter :
                List.of("app=foreign", "app_id=" + foreign, "q=app:foreign", "q=app:*oreig*", "q=app_id:" + foreign)) {
            assertThat(owner.get("/api/v1/logs/?" + filter).body()).as(filter).isEmpty();
            assertThat(owner.get("/api/v1/logs/filter?" + filter).body())
                    .as(filter)
                    .isEmpty();
            assertThat(owner.get("/api/v1/logs/export?" + filter).response().body())
                    .as(filter)
                    .isEmpty();
            assertThat(owner.get("/api/v1/stats/?" + filter)
                            .body()
                            .get("total_logs")
                            .asInt())
                    .as(filter)
                    .isZero();
        }
        assertThat(owner.get("/api/v1/logs/?q=NOT%20app:own").body()).isEmpty();
        assertThat(owner.get("/api/v1/logs/?q=app:own%20OR%20app:foreign").body())
                .hasSize(3);
        assertThat(owner.get("/api/v1/logs/export").response().body().lines()).hasSize(3);
        assertThat(owner.get("/api/v1/stats/").body().toString())
                .contains("\"own\":3")
                .doesNotContain("foreign");
        assertThat(owner.get("/api/v1/stats/histogram?interval=1h").body().toString())
                .contains("\"total\":3")
                .doesNotContain("\"total\":8", "\"total\":5");
        assertThat(owner.get("/api/v1/stats/fields").body().toString()).doesNotContain("foreign");
        assertThat(owner.get("/api/v1/apps/").body().findValuesAsText("name")).containsExactly("own");
        assertThat(owner.get("/api/v1/apps/?name=foreign").body()).isEmpty();

        Answer mixed = owner.ingest(Records.json("own", 1) + "\n" + Records.json("foreign", 1));
        assertThat(mixed.body().get("enqueued").asInt()).isEqualTo(1);
        assertThat(mixed.body().get("rejected").get(0).get("reason").asText()).isEqualTo("app_forbidden");
        String byId = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":" + foreign + "}";
        for (String record : List.of(Records.json("foreign", 1), byId)) {
            assertThat(owner.ingest(record).status()).isEqualTo(403);
            assertThat(owner.ingest(record, "Idempotency-Key", "k").status()).isEqualTo(403);
            assertThat(owner.post("/api/v1/logs/", record.getBytes(UTF_8)).status())
                    .isEqualTo(403);
        }
        assertThat(owner.ingest(Records.json("own", 1) + "\n" + Records.json("foreign", 1), "Idempotency-Key", "m")
                        .status())
                .isEqualTo(403);
        Eventually.passes(() -> assertThat(owner.get("/api/v1/logs/?count=true").header("X-Total-Count"))
                .isEqualTo("4"));
        assertThat(admin.get("/api/v1/logs/?app=foreign").body()).hasSize(5);
    }

    @Test
    void a_key_for_one_app_leaves_no_dead_letters_of_others() {
        Api owner = owner("\"scopes\":[\"ingest\"],\"apps\":[\"lettered\"]");
        String unknownApp = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":987654321}";
        for (String bad : List.of(unknownApp, "{\"app\":\"foreign\",\"level\":\"INFO\"}", "no JSON")) {
            String body = Records.json("lettered", 1) + "\n" + bad;

            Answer refused = owner.ingest(body, "Idempotency-Key", "lettered");
            Answer told = owner.ingest(body);

            assertThat(refused.status()).as(bad).isEqualTo(403);
            assertThat(refused.body().get("code").asText()).isEqualTo("app_forbidden");
            assertThat(told.status()).isEqualTo(200);
            assertThat(told.body().get("rejected_count").asInt()).isEqualTo(1);
        }
    }

    @Test
    void names_of_requests_belong_to_a_key() {
        Api one = owner("\"scopes\":[\"ingest\"]");
        Api two = owner("\"scopes\":[\"ingest\"]");

        assertThat(one.ingest(Records.json("named", 1), "Idempotency-Key", "same")
                        .body()
                        .has("duplicates"))
                .isFalse();
        assertThat(two.ingest(Records.json("named", 2), "Idempotency-Key", "same")
                        .body()
                        .has("duplicates"))
                .isFalse();
        assertThat(one.ingest(Records.json("named", 1), "Idempotency-Key", "same")
                        .body()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        Eventually.passes(
                () -> assertThat(admin.get("/api/v1/logs/?app=named").body()).hasSize(2));
    }

    @Test
    void a_parameter_is_no_name_of_a_request() {
        Api own = owner("\"scopes\":[\"ingest\"],\"apps\":[\"claimed-own\"]");
        String victim = create("\"scopes\":[\"ingest\"]").body().get("id").asText();
        for (String name : List.of("Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY", "%49dempotency%2DKey")) {
            String claimed = "/api/v1/ingest/?ack=stored&" + name + "=key-" + victim + "%0Aclaimed";
            byte[] record = Records.json("claimed-own", 1).getBytes(UTF_8);

            Answer first = own.post(claimed, record);
            Answer second = own.post(claimed, record);

            assertThat(first.body().get("receipts").get(0))
                    .as(name)
                    .isNotEqualTo(second.body().get("receipts").get(0));
            assertThat(second.body().has("duplicates")).as(name).isFalse();
        }
        assertThat(own.ingest(Records.json("claimed-own", 2), "ack", "nonsense").status())
                .isEqualTo(200);
    }

    @Test
    void a_revoked_key_is_of_no_use_here_at_once_and_elsewhere_within_seconds() {
        Answer created = create("\"scopes\":[\"ingest\",\"read\"]");
        String key = created.body().get("key").asText();
        Eventually.holds(() -> other.api().as(key).get("/api/v1/logs/").status() == 200);
        Eventually.passes(() -> assertThat(
                        admin.get("/api/v1/keys/" + created.body().get("id").asText())
                                .body()
                                .get("last_used_at")
                                .isNull())
                .isFalse());

        Answer revoked = admin.delete(created.header("Location"));

        assertThat(revoked.body().get("revoked_at").isNull()).isFalse();
        assertThat(app.api().as(key).get("/api/v1/logs/").status()).isEqualTo(401);
        Eventually.holds(() -> other.api().as(key).get("/api/v1/logs/").status() == 401);
    }

    @Test
    void who_follows_logs_is_told_those_of_its_apps_and_none_once_the_key_is_revoked() throws Exception {
        Answer created = create("\"scopes\":[\"read\"],\"apps\":[\"followed\"]");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/api/v1/logs/tail"))
                .header("X-API-Key", created.body().get("key").asText())
                .build();
        HttpResponse<Stream<String>> events = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
        admin.ingest(Records.json("not-followed", 1) + "\n" + Records.json("followed", 2));
        Iterator<String> lines =
                events.body().filter(line -> line.startsWith("data:")).iterator();
        assertThat(lines.next()).contains("\"followed\"");

        admin.delete(created.header("Location"));
        admin.ingest(Records.json("followed", 3));

        assertThat(lines.hasNext()).isFalse();
    }

    @Test
    void a_browser_trades_a_key_for_a_cookie_that_only_its_own_page_can_use() {
        Answer created = create("\"scopes\":[\"admin\"]");
        String signIn = "{\"key\":\"" + created.body().get("key").asText() + "\"}";
        Answer signedIn = app.api().post("/api/v1/session", signIn.getBytes(UTF_8), "X-Forwarded-Proto", "https");
        assertThat(signedIn.status()).isEqualTo(204);
        String cookie = signedIn.header("Set-Cookie");
        assertThat(cookie)
                .contains("HttpOnly", "SameSite=Strict", "Path=/", "Secure")
                .doesNotContain("la_\"");
        String session = cookie.replaceFirst(";.*", "");

        assertThat(app.api()
                        .send("GET", "/api/v1/keys", null, "Cookie", session)
                        .status())
                .isEqualTo(200);
        Eventually.holds(() -> other.api()
                .send("GET", "/api/v1/session", null, "Cookie", session)
                .body()
                .get("signed_in")
                .asBoolean());
        String[] ofOthers = {"Cookie", session, "Sec-Fetch-Site", "cross-site"};
        assertThat(app.api().send("DELETE", "/api/v1/apps/987", null, ofOthers).status())
                .isEqualTo(401);
        assertThat(app.api()
                        .send("DELETE", "/api/v1/apps/987", null, "Cookie", session)
                        .status())
                .isEqualTo(401);
        String[] ofAnotherPage = {"Cookie", session, "Origin", "https://evil.example"};
        assertThat(app.api()
                        .send("DELETE", "/api/v1/apps/987", null, ofAnotherPage)
                        .status())
                .isEqualTo(403);
        String[] own = {"Cookie", session, "Sec-Fetch-Site", "same-origin"};
        assertThat(app.api().send("DELETE", "/api/v1/apps/987", null, own).status())
                .isEqualTo(404);
        String[] ofOwnPage = {"Cookie", session, "Origin", "http://127.0.0.1:" + app.port()};
        assertThat(app.api().send("DELETE", "/api/v1/apps/987", null, ofOwnPage).status())
                .isEqualTo(404);
        assertThat(app.api()
                        .post("/api/v1/session", signIn.getBytes(UTF_8), "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);

        Answer signedOut = app.api().send("DELETE", "/api/v1/session", null, own);
        assertThat(signedOut.header("Set-Cookie")).contains("Max-Age=0");
        assertThat(app.api()
                        .send("GET", "/api/v1/keys", null, "Cookie", session)
                        .status())
                .isEqualTo(401);

        String second =
                app.api().post("/api/v1/session", signIn.getBytes(UTF_8)).header("Set-Cookie");
        assertThat(second).doesNotContain("Secure");
        admin.delete(created.header("Location"));
        assertThat(app.api()
                        .send("GET", "/api/v1/keys", null, "Cookie", second.replaceFirst(";.*", ""))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_key_is_sent_in_a_header_and_nowhere_else() {
        Answer created = create("\"scopes\":[\"read\"]");
        String key = created.body().get("key").asText();

        assertThat(key)
                .matches("la_[A-Za-z0-9_-]{43}")
                .startsWith(created.body().get("prefix").asText());
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(app.api()
                        .send("GET", "/api/v1/logs", null, "Authorization", "Bearer " + key)
                        .status())
                .isEqualTo(200);
        assertThat(app.api()
                        .send("GET", "/api/v1/logs", null, "authorization", "bearer  " + key)
                        .status())
                .isEqualTo(200);
        assertThat(app.api()
                        .send("GET", "/api/v1/logs", null, "Authorization", "Basic " + key)
                        .status())
                .isEqualTo(401);
        assertThat(app.api()
                        .send("GET", "/api/v1/logs", null, "Cookie", "la_session=" + key)
                        .status())
                .isEqualTo(401);
        for (String query : List.of("api_key=" + key, "x-api-key=x", "key=" + key)) {
            Answer answer = app.api().get("/api/v1/logs?" + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.body().get("code").asText()).isEqualTo("key_in_query");
        }
    }

    @Test
    void keys_are_kept_nowhere() throws IOException {
        String key = create("\"scopes\":[\"admin\"]").body().get("key").asText();
        Api owner = app.api().as(key);
        owner.ingest(Records.json("kept", 1), "Idempotency-Key", "kept");
        owner.delete("/api/v1/apps/987");
        Eventually.holds(() -> !admin.get("/api/v1/logs?app=kept").body().isEmpty());

        Database database = new Database(Servers.postgres(), "access");
        assertThat(database.column("SELECT api_keys::text FROM api_keys"))
                .isNotEmpty()
                .noneMatch(row -> row.contains(key));
        assertThat(RedisConsole.<List<String>>ask(Servers.redis(), redis -> redis.keys("*")))
                .noneMatch(name -> name.contains(key));
        String log = Files.readString(directory.resolve("app.log"));
        assertThat(log).contains("DELETE /api/v1/apps/987").doesNotContain(key).doesNotContain(ADMIN);
    }

    @Test
    void whoever_guesses_is_slowed_down_and_who_has_a_key_is_not() {
        String[] from = {"X-Forwarded-For", "203.0.113.7"};
        Api stranger = app.api();
        List<Integer> statuses = IntStream.range(0, 200)
                .parallel()
                .mapToObj(n -> stranger.as("la_" + n)
                        .send("GET", "/api/v1/logs", null, from)
                        .status())
                .toList();

        assertThat(statuses).contains(401, 429);
        assertThat(admin.send("GET", "/api/v1/logs", null, from).status()).isEqualTo(200);
        // what a client says of itself comes before what the proxy saw, and isn't believed
        String[] forged = {"X-Forwarded-For", "203.0.113.7, 198.51.100.9"};
        assertThat(app.api()
                        .as("la_x")
                        .send("GET", "/api/v1/logs", null, forged)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoever_guesses_where_no_key_is_needed_is_slowed_down_as_well() {
        for (String path : List.of("/health", "/api/v1/session")) {
            String[] from = {"X-Forwarded-For", path.equals("/health") ? "203.0.113.17" : "203.0.113.18"};
            List<Integer> statuses = IntStream.range(0, 200)
                    .parallel()
                    .mapToObj(n -> app.api()
                            .as("la_" + n)
                            .send("GET", path, null, from)
                            .status())
                    .toList();

            assertThat(statuses).as(path).contains(200, 429);
            // who shows nothing, or a key that is one, isn't meant
            assertThat(app.api().send("GET", path, null, from).status()).isEqualTo(200);
            assertThat(admin.send("GET", path, null, from).status()).isEqualTo(200);
        }
    }

    @Test
    void whoever_invents_sessions_is_slowed_down() {
        List<Integer> statuses = IntStream.range(0, 200)
                .parallel()
                .mapToObj(n -> {
                    String cookie = "la_session=las_" + String.format("%043d", n);
                    return app.api()
                            .send("GET", "/api/v1/session", null, "X-Forwarded-For", "203.0.113.19", "Cookie", cookie)
                            .status();
                })
                .toList();

        assertThat(statuses).contains(200, 429);
    }

    @Test
    void health_tells_strangers_its_state_only() {
        assertThat(app.api().get("/health").body().toString()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void a_key_that_makes_no_sense_is_not_made() {
        for (String body : List.of(
                "{}",
                "[]",
                "{\"name\":\"n\"}",
                "{\"name\":\"n\",\"scopes\":[]}",
                "{\"name\":\"n\",\"scopes\":[\"root\"]}",
                "{\"name\":\"n\",\"scopes\":\"read\"}",
                "{\"name\":\"n\",\"scopes\":[\"admin\"],\"apps\":[\"a\"]}",
                "{\"name\":\"n\",\"scopes\":[\"read\"],\"apps\":[]}",
                "{\"name\":\"n\",\"scopes\":[\"read\"],\"expires_at\":\"2001-01-01T00:00:00Z\"}",
                "{\"name\":\"n\",\"scopes\":[\"read\"],\"logs_per_minute\":-1}",
                "{\"name\":\"n\",\"scopes\":[\"read\"],\"key\":\"mine\"}")) {
            assertThat(admin.post("/api/v1/keys", body.getBytes(UTF_8)).status())
                    .as(body)
                    .isEqualTo(400);
        }
    }

    @Test
    void the_command_makes_lists_and_revokes_keys(CapturedOutput output) {
        assertThat(keys("create", "--name=by hand", "--scopes=ingest,read", "--apps=own", "--days=7"))
                .isZero();
        String key = line(output, "la_[\\w-]{43}");
        Eventually.holds(() -> app.api().as(key).get("/api/v1/logs").status() == 200);

        assertThat(keys("list")).isZero();
        String listed = line(output, ".*\tby hand");
        assertThat(listed).contains(key.substring(0, 11), "ingest,read", "own").doesNotContain(key);

        assertThat(keys("revoke", listed.split("\t")[0])).isZero();
        Eventually.holds(() -> app.api().as(key).get("/api/v1/logs").status() == 401);
        for (String wrong :
                List.of("create", "create --name=x", "create --name=x --scopes=root", "revoke", "revoke x", "x")) {
            assertThat(keys(wrong.split(" "))).as(wrong).isEqualTo(2);
        }
        assertThat(keys("revoke", "987654321")).isEqualTo(1);
    }

    private static String line(CapturedOutput output, String pattern) {
        return output.getOut()
                .lines()
                .filter(line -> line.matches(pattern))
                .findFirst()
                .orElseThrow();
    }

    private static int keys(String... arguments) {
        return keysOf(settings.get("DATABASE_URL"), arguments);
    }

    /** As the program does what it is told instead of starting. */
    private static int keysOf(String databaseUrl, String... arguments) {
        System.setProperty("database.url", databaseUrl);
        try {
            return new KeysCommand().run(List.of(arguments));
        } finally {
            System.clearProperty("database.url");
        }
    }

    @Test
    void without_any_key_others_than_this_machine_are_not_let_in() {
        String url = Database.create(Servers.postgres(), "access_without_keys");
        String redis = Servers.redis().url();

        FailedStart refused =
                FailedStart.with(Map.of("DATABASE_URL", url, "REDIS_URL", redis, "BIND_ADDRESS", "0.0.0.0"));

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output())
                .contains("BIND_ADDRESS", "API_KEYS", "ALLOW_ANONYMOUS=true")
                .doesNotContain("\tat ");

        assertThat(keysOf(url, "create", "--name=first", "--scopes=admin")).isZero();
        try (InProcessApp started =
                new InProcessApp(url, redis, "access-open:stream", "server.address=0.0.0.0", "app.roles=api")) {
            assertThat(started.api().get("/api/v1/logs").status()).isEqualTo(401);
            assertThat(started.api().ingest(Records.json("open", 1)).status()).isEqualTo(401);
        }
    }
}
