package logaggregator.badinput;

import static logaggregator.support.RawConnection.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import logaggregator.ingest.json.JsonRecords;
import logaggregator.support.Eventually;
import logaggregator.support.RawConnection;
import logaggregator.support.RawConnection.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that send a byte now and then: row 61. The server has 200 threads. */
@ExtendWith(Door.class)
class SlowBodiesIT {

    private static final int CLIENTS = 500;

    private final List<RawConnection> clients = new ArrayList<>();

    @AfterEach
    void closeAll() {
        clients.forEach(RawConnection::close);
    }

    @Test
    @DisplayName("61 slow clients hold up nobody, and are given up")
    void slow_clients_hold_up_nobody_and_are_given_up() {
        IntStream.range(0, CLIENTS).forEach(i -> clients.add(new RawConnection(Door.port())));
        clients.forEach(client -> client.send(post("Content-Length: 1000000") + "["));

        String app = Door.newApp();
        assertThat(Door.api().ingest(JsonRecords.record("app", '"' + app + '"')).status())
                .isEqualTo(200);
        // counted, so that each of them sends
        Eventually.holds(() -> clients.stream()
                        .filter(client -> client.trySend(new byte[] {' '}))
                        .count()
                == 0);
    }

    @Test
    @DisplayName("61 clients that stop amid their headers hold up nobody")
    void clients_that_stop_amid_their_headers_hold_up_nobody() {
        IntStream.range(0, CLIENTS).forEach(i -> clients.add(new RawConnection(Door.port())));
        clients.forEach(client -> client.send("POST /api/v1/ingest/ HTTP/1.1\r\nHost: localhost\r\nX-Never-Ends: "));

        String app = Door.newApp();
        assertThat(Door.api().ingest(JsonRecords.record("app", '"' + app + '"')).status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("61 a slow client is told so")
    void a_slow_client_is_told_so() {
        RawConnection client = new RawConnection(Door.port());
        clients.add(client);

        Answer answer =
                client.send(post("Transfer-Encoding: chunked") + "1\r\n").answer();

        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body()).contains("body_timeout");
        assertThat(client.answer()).isNull();
    }

    @Test
    @DisplayName("61 a refused request whose body doesn't come is given up")
    void a_refused_request_whose_body_does_not_come_is_given_up() {
        IntStream.range(0, CLIENTS).forEach(i -> clients.add(new RawConnection(Door.port())));
        clients.forEach(client -> client.send(post("Content-Length: 1000", "Content-Encoding: br")));

        assertThat(clients).allSatisfy(client -> {
            assertThat(client.answer().status()).isEqualTo(415);
            assertThat(client.answer()).isNull();
        });
    }

    @Test
    void a_client_that_is_just_fast_enough_is_not_waited_for_forever() throws InterruptedException {
        RawConnection client = new RawConnection(Door.port());
        clients.add(client);
        client.send(post("Content-Length: 16000000") + "[");

        // about twice as fast as it has to be: this would take minutes
        long begin = System.nanoTime();
        while (client.trySend(new byte[8_000]) && System.nanoTime() - begin < 60_000_000_000L) {
            Thread.sleep(250);
        }

        assertThat(System.nanoTime() - begin).isLessThan(60_000_000_000L);
    }

    @Test
    void bodies_of_what_is_not_logs_are_small() {
        for (String request : List.of(
                "POST /api/v1/session",
                "POST /api/v1/keys",
                "POST /nothing",
                "DELETE /api/v1/logs/1",
                "PATCH /api/v1/apps/1")) {
            assertTooLarge(request, 64 * 1024 + 1);
        }
        for (String path : List.of("/", "/health", "/api/v1/logs", "/api/v1/ingest")) {
            assertTooLarge("GET " + path, 1);
        }
    }

    private void assertTooLarge(String request, int bytes) {
        for (String length : List.of(
                "Content-Length: " + bytes + "\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(bytes) + "\r\n")) {
            RawConnection client = new RawConnection(Door.port());
            clients.add(client);
            client.send(request + " HTTP/1.1\r\nHost: localhost\r\n" + length + " ".repeat(bytes));

            Answer answer = client.answer();
            assertThat(answer).as(request).isNotNull();
            assertThat(answer.status()).as(request).isEqualTo(413);
            assertThat(answer.body()).contains("body_too_large");
        }
    }
}
