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
        Eventually.holds(() -> clients.stream().noneMatch(client -> client.trySend(new byte[] {' '})));
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
}
