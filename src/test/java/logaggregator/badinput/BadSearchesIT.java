package logaggregator.badinput;

import static logaggregator.badinput.BadInput.rec;
import static logaggregator.badinput.Questions.assertRefused;
import static logaggregator.badinput.Questions.encoded;
import static logaggregator.badinput.Questions.ingest;
import static logaggregator.badinput.Questions.messages;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.RawConnection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches that are none, or say something else than they seem to: rows 72 to 74. */
@ExtendWith(Door.class)
class BadSearchesIT {

    @ParameterizedTest(name = "72 {0}")
    @ValueSource(
            strings = {
                "' OR 1=1--",
                "%",
                "_",
                "\\",
                "a%b",
                "a_b",
                "a\\b",
                "\\%",
                "*",
                "?",
                "';DROP TABLE logs;--",
                "$1",
                "??",
                "{a}",
                "\"",
                "a\u2028b",
                "a\nb"
            })
    void text_is_taken_literally(String text) {
        String app = Door.newApp();
        ingest(
                app,
                Stream.of(text, "x" + text + "y", "other", "axb", "a1b", "aab")
                        .map(TextNode::valueOf)
                        .map(message -> rec(
                                "message",
                                message.toString(),
                                "service",
                                message.toString(),
                                "metadata_",
                                "{\"k\":" + message + "}"))
                        .toArray(String[]::new));
        Door.storedBeforeANewOne(app);
        String search = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        String ofApp = "app=" + app + "&order=asc&";

        if (!text.contains("\n")) { // white space is a blank in a search
            assertThat(messages(ofApp + "q=" + encoded(search))).containsExactly(text, "x" + text + "y");
            assertThat(messages(ofApp + "q=" + encoded("service:" + search))).containsExactly(text);
            assertThat(messages(ofApp + "q=" + encoded("metadata_.k:" + search)))
                    .containsExactly(text);
        }
        assertThat(messages(ofApp + "service=" + encoded(text))).containsExactly(text);
        assertThat(messages("app=" + encoded(text) + "&service=" + encoded(text)))
                .isEmpty();
    }

    @ParameterizedTest(name = "73 {0}")
    @ValueSource(
            strings = {
                "/(a+)+$/",
                "message:/a/",
                "(",
                ")",
                "a)",
                "\"a",
                "[1 TO",
                "level:",
                "a AND",
                "OR",
                "(a+)+$ (",
                "a~",
                "a~0.5",
                "\"a b\"~3",
                "a^2",
                "fn:ordered(a b)",
                "@3(a b)",
                "metadata_.:x",
                "metadata_:x",
                "lvel:ERROR",
                "level:[a TO b]",
                "id:x",
                "timestamp:yesterday",
                "app_id:99999999999999999999",
                "a\u0000b"
            })
    void a_search_that_is_none_is_refused(String search) {
        for (String path : List.of("logs/", "stats/", "stats/histogram", "stats/fields")) {
            assertRefused(Door.api().get("/api/v1/" + path + "?q=" + encoded(search)), "'q'");
        }
    }

    @Test
    @DisplayName("74 a search of 2 and of 10 kB, 5,000 apps")
    void long_questions_are_refused() {
        assertRefused(Door.api().get("/api/v1/logs/?q=" + "a".repeat(2_001)), "'q'");
        assertRefused(Door.api().get("/api/v1/logs/?q=" + "(".repeat(1_000)), "'q'");
        assertRefused(Door.api().get("/api/v1/logs/?q=" + "a+".repeat(999)), "'q'");
        assertRefused(Door.api().get("/api/v1/logs/?" + apps(101)), "'app'");
        assertThat(Door.api().get("/api/v1/logs/?" + apps(100)).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("74 an address longer than the server reads")
    void an_endless_address_is_refused() {
        for (String query : List.of("q=" + "a".repeat(10_000), apps(5_000), "a&".repeat(3_000))) {
            try (RawConnection connection = new RawConnection(Door.port())) {
                connection.send(
                        "GET /api/v1/logs/?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

                assertThat(connection.answer().status()).isIn(400, 414, 431);
            }
        }
    }

    private static String apps(int count) {
        return IntStream.range(0, count).mapToObj(n -> "app=a" + n).collect(Collectors.joining("&"));
    }
}
