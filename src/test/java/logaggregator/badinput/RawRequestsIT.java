package logaggregator.badinput;

import static logaggregator.badinput.BadInput.APP;
import static logaggregator.badinput.BadInput.GOOD;
import static logaggregator.support.RawConnection.post;
import static logaggregator.support.RawConnection.postOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.RawConnection;
import logaggregator.support.RawConnection.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Requests that only a socket can send: rows 60 and 62 to 67. */
@ExtendWith({Door.class, OutputCaptureExtension.class})
class RawRequestsIT {

    private static final int MAX_BODY_BYTES = 16 << 20;
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private final String app = Door.newApp();
    private final String good = GOOD.replace(APP, app);

    @AfterEach
    void the_next_good_request_is_answered() {
        assertThat(Door.api().ingest(GOOD.replace(APP, Door.newApp())).status()).isEqualTo(200);
    }

    private static Stream<Arguments> paths() {
        return Stream.of(
                // with a body, which no GET may have
                Arguments.of("GET /api/v1/ingest/", 413),
                Arguments.of("PUT /api/v1/ingest/", 405),
                Arguments.of("DELETE /api/v1/ingest", 405),
                Arguments.of("POST /api/v1/ingest", 200),
                Arguments.of("POST /api/v1/ingest/", 200),
                Arguments.of("POST //api/v1/ingest/", 404),
                Arguments.of("POST /api//v1/ingest/", 404),
                Arguments.of("POST /api/v1/x/..;/ingest/", 404),
                Arguments.of("POST /api/v1/x/../../../../ingest/", 400),
                Arguments.of("POST /api/v1%2fingest/", 400),
                Arguments.of("POST /api/v1/ingest%00/", 400),
                Arguments.of("POST /api/v1/INGEST/", 404),
                Arguments.of("POST /API/v1/ingest/", 404),
                Arguments.of("POST /api/v1/ingest/x", 404),
                Arguments.of("POST *", 400),
                Arguments.of("TRACE /api/v1/ingest/", 405),
                Arguments.of("NONSENSE /api/v1/ingest/", 405));
    }

    /** Once with a body that comes with its headers, once with one that has to be waited for. */
    @ParameterizedTest(name = "60 {0}")
    @MethodSource("paths")
    void answers_other_methods_and_paths(String method, int status) {
        String head = method + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + good.length() + "\r\n\r\n";
        List<Answer> answers = new ArrayList<>();
        try (RawConnection client = connect()) {
            answers.add(client.send(head + good).answer());
        }
        try (RawConnection client = connect()) {
            client.send(head);
            client.trySend(good.substring(0, 9).getBytes());
            client.trySend(good.substring(9).getBytes());
            answers.add(client.answer());
        }

        assertThat(answers).doesNotContainNull().extracting(Answer::status).containsOnly(status);
        if (status == 405) {
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.headers()).containsKey("allow"));
        }
    }

    @Test
    @DisplayName("60 GET without a body")
    void names_the_method_that_is_allowed() {
        try (RawConnection client = connect()) {
            Answer answer = client.send("GET /api/v1/ingest/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer();

            assertProblem(answer, 405, "method_not_allowed");
            assertThat(answer.headers().get("allow")).contains("POST");
        }
    }

    @Test
    @DisplayName("62 headers of 64 kB, and 500 headers")
    void refuses_too_many_headers() {
        try (RawConnection client = connect()) {
            client.trySend(post("X-Long: " + "x".repeat(65_536)).getBytes());
            Answer answer = client.answer();
            assertThat(answer == null || answer.status() == 400 || answer.status() == 431)
                    .isTrue();
        }
        try (RawConnection client = connect()) {
            String[] headers =
                    IntStream.range(0, 500).mapToObj(i -> "X-" + i + ": x").toArray(String[]::new);
            Answer answer = client.send(post(headers)).answer();
            assertProblem(answer, 400, "unreadable_request");
            assertThat(answer.body()).contains("8192 bytes", "100 headers");
        }
    }

    @Test
    @DisplayName("63 Expect: 100-continue with a length beyond the limit, and with a good one")
    void answers_an_expectation() {
        try (RawConnection client = connect()) {
            client.send(post("Expect: 100-continue", "Content-Length: " + (MAX_BODY_BYTES + 1)));

            assertProblem(afterContinue(client), 413, "body_too_large");
        }
        try (RawConnection client = connect()) {
            client.send(post("Expect: 100-continue", "Content-Length: " + good.length()));

            assertThat(client.answer().status()).isEqualTo(100);
            assertThat(client.send(good).answer().status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("64 a client that leaves in the middle of a body, or before the answer")
    void survives_clients_that_leave(CapturedOutput output) {
        for (int i = 0; i < 20; i++) {
            try (RawConnection client = connect()) {
                client.send(post("Content-Length: " + 2 * good.length()) + good);
            }
            try (RawConnection client = connect()) {
                client.send(post(CHUNKED) + "5\r\n[{\"a");
                client.endOutput();
            }
            try (RawConnection client = connect()) {
                client.send(postOf(good));
            }
        }

        assertThat(Door.storedBeforeANewOne(app)).hasSizeLessThanOrEqualTo(20);
        assertThat(output).doesNotContain("\tat ").doesNotContain("ERROR");
    }

    @Test
    @DisplayName("65 HTTP/1.0, pipelined requests, and a thousand on one connection are answered in order")
    void answers_in_order() {
        try (RawConnection client = connect()) {
            client.send(postOf(good).replace("HTTP/1.1", "HTTP/1.0"));

            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.answer()).isNull();
        }
        String large = (good + "\n").repeat(3_000);
        try (RawConnection client = connect()) {
            client.send(postOf(good) + postOf("{}", "Accept: */*") + postOf(large) + postOf("") + postOf(good));

            // Tomcat closes the connection after a 400
            assertThat(client.answer().body()).contains("\"enqueued\":1");
            assertThat(client.answer().body()).contains("no_valid_record");
            assertThat(client.answer()).isNull();
        }
        try (RawConnection client = connect()) {
            client.send(postOf(good) + postOf(large) + postOf(good + "\n" + good));

            assertThat(client.answer().body()).contains("\"enqueued\":1");
            assertThat(client.answer().body()).contains("\"enqueued\":3000");
            assertThat(client.answer().body()).contains("\"enqueued\":2");
        }
        try (RawConnection client = connect()) {
            for (int i = 0; i < 1_000; i++) {
                Answer answer =
                        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
                assertThat(answer == null ? -1 : answer.status()).isEqualTo(200);
                if ("close".equals(answer.headers().get("connection"))) {
                    return;
                }
            }
        }
    }

    @Test
    @DisplayName("67 a preflight from an origin that isn't allowed gets no headers")
    void does_not_allow_other_origins() {
        for (String origin : List.of("http://evil.example", "null")) {
            try (RawConnection client = connect()) {
                Answer answer = client.send("OPTIONS /api/v1/ingest/ HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                                + "\r\nAccess-Control-Request-Method: POST\r\n\r\n")
                        .answer();

                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
            }
        }
    }

    @Test
    void answers_no_page_whose_name_was_led_here() {
        for (String path : List.of("/api/v1/logs", "/health", "/", "/ui/index.html", "/api/v1/keys")) {
            try (RawConnection client = connect()) {
                Answer answer = client.send(
                                "GET " + path + " HTTP/1.1\r\nHost: evil.example:" + Door.port() + "\r\n\r\n")
                        .answer();

                assertProblem(answer, 421, "foreign_host");
            }
        }
        try (RawConnection client = connect()) {
            String posted = postOf(good).replace("Host: localhost", "Host: evil.example");

            assertProblem(client.send(posted).answer(), 421, "foreign_host");
        }
    }

    private static Answer afterContinue(RawConnection client) {
        Answer answer = client.answer();
        return answer != null && answer.status() == 100 ? client.answer() : answer;
    }

    private static RawConnection connect() {
        return new RawConnection(Door.port());
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer).as("an answer").isNotNull();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().get("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"").contains("\"detail\":");
    }
}
