package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import logaggregator.support.Api.Answer;
import logaggregator.support.InProcessApp;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.web.ServerProperties;

/** What a service started without settings shows. */
class ShownSurfaceIT {

    private static InProcessApp app;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Servers.postgres(),
                Servers.redis(),
                "surface:stream",
                "security.cors-origins=https://shop.example.com");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void it_listens_on_loopback_only() throws Exception {
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (var address : Collections.list(network.getInetAddresses())) {
                for (int port : List.of(app.port(), app.managementPort())) {
                    boolean isSeen = address instanceof Inet4Address && !address.isLoopbackAddress();
                    assertThat(isSeen && answers(new InetSocketAddress(address, port)))
                            .as("%s:%s", address, port)
                            .isFalse();
                }
            }
        }
    }

    private static boolean answers(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/threaddump",
                "/actuator/loggers",
                "/actuator/beans",
                "/actuator/configprops",
                "/actuator/mappings",
                "/actuator/shutdown",
                "/actuator/jolokia",
                "/actuator/gateway",
                "/actuator/prometheus",
                "/jolokia",
                "/hawtio",
                "/console",
                "/h2-console",
                "/observe/info",
                "/q/dev",
                "/error",
                "/.env",
                "/WEB-INF/web.xml"
            })
    void what_operators_need_elsewhere_is_not_here(String path) {
        Answer answer = app.api().get(path);

        assertThat(answer.status()).isIn(404, 500).satisfies(status -> {
            if (!path.equals("/error")) {
                assertThat(status).isEqualTo(404);
            }
        });
        assertTellsNothing(
                answer.response().body(), answer.response().headers().map().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /a|b HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void a_broken_request_is_not_told_what_it_met(String request) {
        try (RawConnection connection = new RawConnection(app.port())) {
            RawConnection.Answer answer = connection.send(request).answer();
            if (answer != null) {
                assertThat(answer.status()).isBetween(400, 499);
                assertThat(answer.headers().get("content-type")).isIn(null, "application/problem+json");
                assertTellsNothing(answer.body(), answer.headers().toString());
            }
        }
    }

    private static void assertTellsNothing(String body, String headers) {
        assertThat(body).doesNotContain("Tomcat", "Apache", "java.", "logaggregator.", "\tat ", "trace");
        assertThat(headers.toLowerCase(java.util.Locale.ROOT)).doesNotContain("server=", "x-powered-by");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui/", "/swagger-ui/index.html", "/docs", "/api/v1/logs/", "/health", "/nothing"})
    void answers_are_not_run_nor_framed(String path) {
        Answer answer = app.api().get(path);

        assertThat(answer.header("Content-Security-Policy")).contains("frame-ancestors 'none'", "default-src '");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example.com, 200, https://shop.example.com",
        "https://evil.example.com, 403, ''",
        "https://shop.example.com.evil.example, 403, ''",
        "http://shop.example.com, 403, ''",
        "null, 403, ''"
    })
    void a_page_of_others_is_told_what_it_may_do_and_no_more(String origin, int status, String allowed) {
        Answer answer = app.api()
                .send(
                        "OPTIONS",
                        "/api/v1/ingest/",
                        null,
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "Content-Type,Authorization,X-API-Key,Idempotency-Key,Prefer,Query-Id,X-Anything");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(allowed);
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
        if (status == 200) {
            assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET,POST,DELETE");
            assertThat(answer.header("Access-Control-Allow-Headers"))
                    .isEqualTo("Content-Type, X-API-Key, Idempotency-Key");
        }
    }

    /** Otherwise any page that a browser shows here could read and delete all logs. */
    @Test
    void pages_of_all_others_need_a_key_whatever_needs_none_otherwise() {
        try (InProcessApp open = new InProcessApp(
                Servers.postgres(),
                Servers.redis(),
                "surface-open:stream",
                "security.cors-origins=https://shop.example.com,*",
                "app.roles=api")) {
            String[] ofOthers = {"Origin", "https://evil.example.com", "Sec-Fetch-Site", "cross-site"};
            String[] own = {"Origin", "http://127.0.0.1:" + open.port(), "Sec-Fetch-Site", "same-origin"};
            for (String request : List.of("GET /api/v1/logs/", "DELETE /api/v1/logs/1", "POST /api/v1/ingest/")) {
                String[] parts = request.split(" ");
                Answer answer = open.api().send(parts[0], parts[1], null, ofOthers);
                assertThat(answer.status()).as(request).isEqualTo(403);
                assertThat(answer.body().get("code").asText()).isEqualTo("foreign_page");
            }
            String[] ofOneThatIsNamed = {"Origin", "https://shop.example.com", "Sec-Fetch-Site", "cross-site"};
            for (String[] page : List.of(own, ofOneThatIsNamed)) {
                assertThat(open.api().send("GET", "/api/v1/logs/", null, page).status())
                        .isEqualTo(200);
            }
            assertThat(open.api().get("/api/v1/logs/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_page_of_others_sees_where_a_list_goes_on_and_how_safe_its_logs_are() {
        Answer answer = app.api().send("GET", "/api/v1/logs/", null, "Origin", "https://shop.example.com");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Expose-Headers"))
                .contains("Link", "X-Total-Count", "Retry-After", "Log-Durability");
    }

    @Test
    void where_only_this_machine_comes_nobody_has_a_share() {
        Answer answer = app.api().ingest(Records.ndjson("shown-surface", 0, 2_000));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("RateLimit")).isEmpty();
    }

    @Test
    void nobody_is_waited_for_without_end() {
        ServerProperties.Tomcat server = app.bean(ServerProperties.class).getTomcat();

        assertThat(server.getConnectionTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(server.getKeepAliveTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(server.getMaxConnections()).isEqualTo(8_192);
        assertThat(server.getAcceptCount()).isEqualTo(100);
        assertThat(app.bean(BodySettings.class).timeoutMs()).isEqualTo(15_000);
    }

    @Test
    void a_page_of_our_own_behind_a_proxy_is_no_other() {
        Map<String, String> page = Map.of("Origin", "https://127.0.0.1:" + app.port());
        page.forEach((name, value) -> assertThat(app.api()
                        .send("GET", "/api/v1/logs/", null, name, value)
                        .status())
                .isEqualTo(200));
    }
}
