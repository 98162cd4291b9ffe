package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Browsers that come with a session, and strangers that come with what they made up; behind a proxy. */
class StrangersIT {

    private static final String ADMIN = "an-admin-key-of-the-settings";

    private static InProcessApp app;
    private static Api admin;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Database.create(Servers.postgres(), "strangers"),
                Servers.redis().url(),
                "strangers:stream",
                "app.roles=api",
                "security.trusted-proxies=127.0.0.0/8",
                "security.cors-origins=https://shop.example.com",
                "access.api-keys=" + ADMIN);
        admin = app.api().as(ADMIN);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void of_very_many_sessions_of_one_key_the_oldest_end() {
        Sessions sessions = app.bean(Sessions.class);
        Access owner = app.bean(ApiKeys.class)
                .find(NewKey.create(admin, "\"scopes\":[\"read\"]")
                        .body()
                        .get("key")
                        .asText());
        Access other = app.bean(ApiKeys.class).find(ADMIN);
        String ofOther = sessions.begin(other);

        List<String> begun =
                IntStream.range(0, 101).mapToObj(n -> sessions.begin(owner)).toList();

        assertThat(sessions.find(begun.get(0), "198.51.100.77")).isNull();
        assertThat(sessions.find(begun.get(1), "198.51.100.77").account()).isEqualTo(owner.account());
        assertThat(sessions.find(begun.get(100), "198.51.100.77").account()).isEqualTo(owner.account());
        assertThat(sessions.find(ofOther, "198.51.100.77").account()).isEqualTo(other.account());
    }

    @Test
    void a_browser_trades_a_key_for_a_cookie_that_only_its_own_page_can_use() {
        Answer created = NewKey.create(admin, "\"scopes\":[\"admin\"]");
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
    void a_browser_asks_without_a_key_what_a_page_of_others_may_do_and_with_one_for_all_else() {
        String[] preflight = {"Origin", "https://shop.example.com", "Access-Control-Request-Method", "POST"};
        String[] page = {"Origin", "https://shop.example.com"};

        Answer allowed = app.api().send("OPTIONS", "/api/v1/ingest/", null, preflight);
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example.com");
        assertThat(app.api().send("POST", "/api/v1/ingest/", "[]", page).status())
                .isEqualTo(401);
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
}
