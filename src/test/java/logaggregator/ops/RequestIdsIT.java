package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Each request has a name, and errors tell it: whoever answers them, a filter, a route, a controller or another thread. */
class RequestIdsIT {

    private static final String HEADER = "X-Request-Id";

    private static InProcessApp app;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Servers.postgres(), Servers.redis(), "request-ids:stream", "app.roles=api", "bodies.timeout-ms=500");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void an_answer_has_the_name_of_its_request() {
        assertThat(app.api().ingest(Records.json("ids", 1), HEADER, "mine-1").header(HEADER))
                .isEqualTo("mine-1");
        assertThat(app.api().get("/api/v1/apps/").header(HEADER)).matches("[0-9a-f-]{36}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "<script>", "a\u00e9b"})
    void a_name_that_could_be_anything_is_replaced(String name) {
        try (RawConnection connection = new RawConnection(app.port())) {
            RawConnection.Answer answer = connection
                    .send("GET /api/v1/apps/ HTTP/1.1\r\nHost: localhost\r\n" + HEADER + ": " + name + "\r\n\r\n")
                    .answer();

            assertThat(answer.headers().get("x-request-id")).matches("[0-9a-f-]{36}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/logs/?limit=none, , 400",
        "GET, /api/v1/logs/987654321, , 404",
        "GET, /no/such/path, , 404",
        "PUT, /api/v1/ingest/, '[]', 405",
        "POST, /api/v1/ingest/, '[]', 400",
        "POST, /api/v1/ingest/, '{\"level\":1}', 400",
        "POST, /api/v1/apps/, 'no json', 400"
    })
    void an_error_tells_the_name(String method, String path, String body, int status) {
        Answer answer = app.api().send(method, path, body, HEADER, "mine-2");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("request_id").asText()).isEqualTo("mine-2");
        assertThat(answer.header(HEADER)).isEqualTo("mine-2");
    }

    @Test
    void an_error_that_another_thread_answers_tells_it_too() {
        try (RawConnection connection = new RawConnection(app.port())) {
            RawConnection.Answer answer = connection
                    .send(RawConnection.post("Content-Length: 1000", HEADER + ": mine-3") + "[")
                    .answer();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("\"request_id\":\"mine-3\"");
        }
    }
}
