package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import logaggregator.support.RawConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Strings that break programs, as what is looked for: an answer or a refusal, never a fault. */
@ExtendWith(Door.class)
class HostileSearchesIT {

    private static final List<String> QUESTIONS =
            List.of("/api/v1/logs/?limit=1&q=", "/api/v1/logs/?limit=1&service=", "/api/v1/stats/?q=message:");

    @Test
    void own_strings_are_looked_for_or_refused() {
        check(HostileStrings.OWN);
    }

    @Test
    void the_naughty_strings_are_looked_for_or_refused() throws IOException {
        check(HostileStrings.naughty());
    }

    private static void check(List<String> strings) {
        for (String text : strings) {
            for (String question : QUESTIONS) {
                try (RawConnection connection = new RawConnection(Door.port())) {
                    String path = question + URLEncoder.encode(text, UTF_8);
                    connection.trySend(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));

                    RawConnection.Answer answer = connection.answer();
                    String shown = path.substring(0, Math.min(200, path.length()));
                    if (answer == null) {
                        // too long for the server to read on
                        assertThat(path).hasSizeGreaterThan(8_000);
                    } else {
                        assertThat(answer.status()).as(shown).isIn(200, 400, 414, 431);
                        assertThat(answer.body()).as(shown).doesNotContain("Exception", "\tat ");
                    }
                }
            }
        }
    }
}
