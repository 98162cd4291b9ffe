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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

    private static Stream<Arguments> longQuestions() {
        return Stream.of(
                Arguments.of("a search of 2,001 characters", "q=" + "a".repeat(2_001), "'q'"),
                Arguments.of("1,000 parentheses", "q=" + "(".repeat(1_000), "'q'"),
                Arguments.of("999 terms", "q=" + "a+".repeat(999), "'q'"),
                Arguments.of("101 apps", times("app", 101), "'app'"),
                Arguments.of("101 services", times("service", 101), "'service'"));
    }

    @ParameterizedTest(name = "74 {0}")
    @MethodSource("longQuestions")
    void a_long_question_is_refused(String name, String query, String named) {
        assertRefused(Door.api().get("/api/v1/logs/?" + query), named);
    }

    @Test
    @DisplayName("74 100 apps")
    void as_many_apps_as_are_allowed_may_be_asked_for() {
        assertThat(Door.api().get("/api/v1/logs/?" + times("app", 100)).status())
                .isEqualTo(200);
    }

    private static Stream<Arguments> endlessAddresses() {
        return Stream.of(
                Arguments.of("a search of 10 kB", "q=" + "a".repeat(10_000)),
                Arguments.of("5,000 apps", times("app", 5_000)),
                Arguments.of("3,000 parameters", "a&".repeat(3_000)));
    }

    @ParameterizedTest(name = "74 {0}")
    @MethodSource("endlessAddresses")
    void an_endless_address_is_refused(String name, String query) {
        try (RawConnection connection = new RawConnection(Door.port())) {
            connection.send("GET /api/v1/logs/?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(connection.answer().status()).isIn(400, 414, 431);
        }
    }

    private static String times(String parameter, int count) {
        return IntStream.range(0, count).mapToObj(n -> parameter + "=a" + n).collect(Collectors.joining("&"));
    }
}
