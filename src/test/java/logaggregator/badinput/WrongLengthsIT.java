package logaggregator.badinput;

import static logaggregator.badinput.BadInput.APP;
import static logaggregator.badinput.BadInput.GOOD;
import static logaggregator.support.RawConnection.post;
import static logaggregator.support.RawConnection.postOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

/** Requests whose length is too much, or isn't what they say: rows 53 and 54. */
@ExtendWith(Door.class)
class WrongLengthsIT {

    private static final int MAX_BODY_BYTES = 16 << 20;
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private final String app = Door.newApp();
    private final String good = GOOD.replace(APP, app);

    @AfterEach
    void the_next_good_request_is_answered() {
        assertThat(Door.api().ingest(GOOD.replace(APP, Door.newApp())).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("53 a Content-Length beyond the limit is refused before the body is sent")
    void refuses_a_length_beyond_the_limit() {
        try (RawConnection client = connect()) {
            Answer answer =
                    client.send(post("Content-Length: " + (MAX_BODY_BYTES + 1))).answer();

            assertProblem(answer, 413, "body_too_large");
        }
    }

    @Test
    @DisplayName("53 a chunked body is refused as soon as it exceeds the limit")
    void refuses_a_chunked_body_beyond_the_limit() {
        String chunk = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
        try (RawConnection client = connect()) {
            client.send(post(CHUNKED));
            for (int sent = 0; sent <= MAX_BODY_BYTES; sent += 1 << 20) {
                client.trySend(chunk.getBytes());
            }

            assertProblem(client.answer(), 413, "body_too_large");
        }
    }

    @Test
    @DisplayName("53 a chunked body within the limit is accepted")
    void accepts_a_chunked_body() {
        try (RawConnection client = connect()) {
            client.send(post(CHUNKED)).send(Integer.toHexString(good.length()) + "\r\n" + good + "\r\n");

            assertThat(client.send("0\r\n\r\n").answer().status()).isEqualTo(200);
        }
        assertThat(Door.storedBeforeANewOne(app)).hasSize(1);
    }

    private static Stream<Arguments> lengths() {
        return Stream.of(
                Arguments.of("54 a negative Content-Length", List.of("Content-Length: -1")),
                Arguments.of("54 a Content-Length that is no number", List.of("Content-Length: ten")),
                Arguments.of("54 two Content-Lengths", List.of("Content-Length: 5", "Content-Length: 6")),
                Arguments.of("54 a Content-Length and chunked", List.of("Content-Length: 5", CHUNKED)),
                Arguments.of("54 an unknown Transfer-Encoding", List.of("Transfer-Encoding: x")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lengths")
    void does_not_let_a_second_request_be_smuggled_in(String name, List<String> headers) {
        String hidden = postOf(good);
        try (RawConnection client = connect()) {
            client.send(post(headers.toArray(String[]::new)) + "0\r\n\r\n" + hidden);
            List<Integer> statuses = new ArrayList<>();
            for (Answer answer = client.answer(); answer != null; answer = client.answer()) {
                statuses.add(answer.status());
            }

            assertThat(statuses).hasSizeLessThanOrEqualTo(1).allMatch(status -> status >= 400 && status != 500);
        }
        assertThat(Door.storedBeforeANewOne(app)).isEmpty();
    }

    @Test
    @DisplayName("54 a Content-Length that is too small cuts the body, and the rest is no request")
    void cuts_a_body_at_its_length() {
        try (RawConnection client = connect()) {
            client.send(post("Content-Length: " + (good.length() - 5)) + good);

            assertProblem(client.answer(), 400, "no_valid_record");
            Answer rest = client.answer();
            assertThat(rest == null || rest.status() == 400).isTrue();
        }
    }

    @Test
    @DisplayName("54 a Content-Length that is too large is waited for, and then given up")
    void gives_a_body_up_that_does_not_come() {
        try (RawConnection client = connect()) {
            client.send(post("Content-Length: " + (good.length() + 5)) + good);

            assertProblem(client.answer(), 408, "body_timeout");
            assertThat(client.answer()).isNull();
        }
        assertThat(Door.storedBeforeANewOne(app)).isEmpty();
    }

    private static RawConnection connect() {
        return new RawConnection(Door.port());
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer).as("an answer").isNotNull();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }
}
