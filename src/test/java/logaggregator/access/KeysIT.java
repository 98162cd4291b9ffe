package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
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

/** How keys are made, sent, kept and revoked; two services with one database. */
@ExtendWith(OutputCaptureExtension.class)
class KeysIT {

    private static final String ADMIN = "an-admin-key-of-the-settings";

    private static String url;
    private static InProcessApp app;
    private static InProcessApp other;
    private static Api admin;

    @BeforeAll
    static void start() {
        url = Database.create(Servers.postgres(), "keys");
        String[] settings = {"access.api-keys=" + ADMIN, "app.roles=api"};
        app = new InProcessApp(url, Servers.redis().url(), "keys:stream", "access.api-keys=" + ADMIN);
        other = new InProcessApp(url, Servers.redis().url(), "keys:stream", settings);
        admin = app.api().as(ADMIN);
    }

    @AfterAll
    static void stop() {
        other.close();
        app.close();
    }

    @Test
    void a_key_is_sent_in_a_header_and_nowhere_else() {
        Answer created = NewKey.create(admin, "\"scopes\":[\"read\"]");
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
    void keys_are_kept_nowhere(CapturedOutput output) {
        String key =
                NewKey.create(admin, "\"scopes\":[\"admin\"]").body().get("key").asText();
        Api owner = app.api().as(key);
        owner.ingest(Records.json("kept", 1), "Idempotency-Key", "kept");
        owner.delete("/api/v1/apps/987");
        Eventually.holds(() -> !admin.get("/api/v1/logs?app=kept").body().isEmpty());

        assertThat(admin.get("/api/v1/keys/").response().body()).doesNotContain(key);
        Database database = new Database(Servers.postgres(), "keys");
        assertThat(database.column("SELECT api_keys::text FROM api_keys"))
                .isNotEmpty()
                .noneMatch(row -> row.contains(key));
        assertThat(RedisConsole.<List<String>>ask(Servers.redis(), redis -> redis.keys("*")))
                .noneMatch(name -> name.contains(key));
        assertThat(output.getAll())
                .contains("DELETE /api/v1/apps/987")
                .doesNotContain(key)
                .doesNotContain(ADMIN);
    }

    @Test
    void a_revoked_key_is_of_no_use_here_at_once_and_elsewhere_within_seconds() {
        Answer created = NewKey.create(admin, "\"scopes\":[\"ingest\",\"read\"]");
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
    void a_session_is_good_elsewhere_as_well_and_ends_with_its_key() {
        Answer created = NewKey.create(admin, "\"scopes\":[\"read\"]");
        String signIn = "{\"key\":\"" + created.body().get("key").asText() + "\"}";
        String[] cookie = {
            "Cookie",
            app.api()
                    .post("/api/v1/session", signIn.getBytes(UTF_8))
                    .header("Set-Cookie")
                    .replaceFirst(";.*", "")
        };
        Eventually.holds(
                () -> other.api().send("GET", "/api/v1/logs", null, cookie).status() == 200);

        admin.delete(created.header("Location"));

        assertThat(app.api().send("GET", "/api/v1/logs", null, cookie).status()).isEqualTo(401);
        Eventually.holds(
                () -> other.api().send("GET", "/api/v1/logs", null, cookie).status() == 401);
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
        return keysOf(url, arguments);
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
