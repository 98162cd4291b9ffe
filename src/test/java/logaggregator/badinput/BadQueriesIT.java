package logaggregator.badinput;

import static logaggregator.badinput.BadInput.rec;
import static logaggregator.badinput.Questions.assertRefused;
import static logaggregator.badinput.Questions.encoded;
import static logaggregator.badinput.Questions.ingest;
import static logaggregator.badinput.Questions.messages;
import static logaggregator.badinput.Questions.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import logaggregator.support.RawConnection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that make no sense are refused with what was expected, all others mean what they say: rows 68 to 71, 75, 76 and 79. */
@ExtendWith(Door.class)
class BadQueriesIT {

    private static final Pattern NEXT = Pattern.compile("<(.*)>; rel=\"next\"");

    @ParameterizedTest(name = "68 limit{0}")
    @ValueSource(
            strings = {
                "=0",
                "=-1",
                "=1001",
                "=abc",
                "=1e9",
                "=1000000000",
                "=9223372036854775808",
                "=1.5",
                "=",
                "=%20",
                "",
                "=%00",
                "=10&limit=10",
                "=%FF",
                "=0x10",
                "=1%200",
                "=%2B10",
                "=%D9%A1"
            })
    void a_limit_is_a_number_up_to_1000(String limit) {
        for (String list : List.of("/api/v1/logs/", "/api/v1/logs/filter", "/api/v1/dlq/")) {
            assertRefused(Door.api().get(list + "?limit" + limit), "'limit'");
        }
    }

    @ParameterizedTest(name = "69 skip={0}")
    @ValueSource(strings = {"-1", "100001", "1000000000", "1000000000000", "x", ""})
    void a_skip_is_a_number_up_to_100000(String skip) {
        assertRefused(Door.api().get("/api/v1/logs/?skip=" + skip), "'skip'");
    }

    @Test
    @DisplayName("69 far beyond: use the cursor")
    void names_the_way_to_logs_far_away() {
        Answer refused = Door.api().get("/api/v1/logs/?skip=1000000000");
        Answer answered = Door.api().get("/api/v1/logs/?skip=100000");

        assertThat(refused.body().get("detail").asText()).contains("use the cursor");
        assertThat(answered.status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "70 {0}")
    @ValueSource(
            strings = {
                "start_time=2026-01-02&end_time=2026-01-01",
                "start_time=yesterday",
                "end_time=2026-13-01",
                "start_time=2026-02-30",
                "start_time=",
                "end_time=12:00",
                "start_time=-15x",
                "end_time=99999-01-01",
                "start_time=-999999w",
                "end_time=now%2B999999w",
                "start_time=2026-01-01T25:00:00Z",
                "start_time=2026-01-01&start_time=2026-01-01",
                "start_time=1700000000",
                "end_time=%00"
            })
    void a_time_is_one_or_refused(String times) {
        for (String path : List.of("logs/", "stats/", "stats/histogram", "stats/fields")) {
            assertRefused(Door.api().get("/api/v1/" + path + "?" + times), "_time'");
        }
    }

    @ParameterizedTest(name = "70 {0}")
    @ValueSource(
            strings = {
                "2026-01-01T00:00:00Z",
                "2026-01-01T02:00:00%2B02:00",
                "2026-01-01T02:00:00+02:00",
                "2026-01-01T02:00:00%2B0200",
                "2026-01-01T02:00:00%2B02",
                "2026-01-01",
                "2026-01-01T00:00:00",
                "2026-01-01T00:00",
                "2025-12-31T23:59:59.9999995Z"
            })
    void a_time_may_be_written_in_many_ways(String time) {
        String app = Door.newApp();
        ingest(
                app,
                rec("message", "\"before\"", "timestamp", "\"2025-12-31T23:59:59.999Z\""),
                rec("message", "\"at\"", "timestamp", "\"2026-01-01T00:00:00Z\""));
        Door.storedBeforeANewOne(app);

        assertThat(messages("app=" + app + "&start_time=" + time)).containsExactly("at");
        assertThat(messages("app=" + app + "&end_time=" + time)).containsExactly("before");
    }

    @ParameterizedTest(name = "71 {0}")
    @ValueSource(
            strings = {
                "logs/?lvel=ERROR",
                "logs/filter?LEVEL=ERROR",
                "logs/?app=a&search=x",
                "stats/?lvel=ERROR",
                "stats/?interval=1h",
                "stats/histogram?size=1",
                "stats/fields?interval=1h",
                "dlq/?level=ERROR",
                "ledger?app=a",
                "logs/1?app=a",
                "logs/1/context?limit=1",
                "logs/?level%00=ERROR"
            })
    void an_unknown_parameter_is_not_ignored(String query) {
        assertRefused(Door.api().get("/api/v1/" + query), "unknown parameter");
    }

    @Test
    @DisplayName("71 what can't be decoded is not ignored")
    void what_cant_be_decoded_is_not_ignored() {
        for (String query : List.of("level=%zz", "level=%", "level=ERROR&app=%e", "=ERROR")) {
            try (RawConnection connection = new RawConnection(Door.port())) {
                connection.send(
                        "GET /api/v1/logs/?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

                assertThat(connection.answer().status()).as(query).isEqualTo(400);
            }
        }
    }

    /** What becomes of a list's address ({@code @list}) and the cursor of its second page. */
    private static Stream<Arguments> wrongCursors() {
        UnaryOperator<String> same = cursor -> cursor;
        return Stream.of(
                Arguments.of("of another app", "@listx", same),
                Arguments.of("of other filters", "@list&level=INFO", same),
                Arguments.of("of another order", "@list&order=asc", same),
                Arguments.of("of all logs", "/api/v1/logs/?limit=2", same),
                Arguments.of("of one letter", "@list", (UnaryOperator<String>) cursor -> "x"),
                Arguments.of("%", "@list", (UnaryOperator<String>) cursor -> "%25"),
                Arguments.of("one letter longer", "@list", (UnaryOperator<String>) cursor -> cursor + "A"),
                Arguments.of("one letter shorter", "@list", (UnaryOperator<String>) cursor -> cursor.substring(1)),
                Arguments.of("with padding", "@list", (UnaryOperator<String>) cursor -> cursor + "%3D"),
                Arguments.of("of 500 letters", "@list", (UnaryOperator<String>) cursor -> "a".repeat(500)));
    }

    @ParameterizedTest(name = "75 a cursor {0}")
    @MethodSource("wrongCursors")
    void a_cursor_is_good_for_its_filters_only(String name, String list, UnaryOperator<String> change) {
        String first = "/api/v1/logs/?limit=2&app=" + fiveLogs();

        assertNoCursor(list.replace("@list", first) + "&cursor=" + change.apply(cursor(first)));
    }

    @Test
    @DisplayName("75 a cursor tampered with at any letter")
    void no_letter_of_a_cursor_can_be_changed() {
        String first = "/api/v1/logs/?limit=2&app=" + fiveLogs();
        String cursor = cursor(first);
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            assertNoCursor(first + "&cursor=" + cursor.substring(0, i) + other + cursor.substring(i + 1));
        }
    }

    @Test
    @DisplayName("75 a cursor with another limit")
    void pages_may_differ_in_length() {
        String first = "/api/v1/logs/?limit=2&app=" + fiveLogs();
        String cursor = cursor(first);

        assertThat(Door.api().get(first + "&cursor=" + cursor).body()).hasSize(2);
        Answer last = Door.api().get(first.replace("limit=2", "limit=3") + "&cursor=" + cursor);
        assertThat(last.body()).hasSize(3);
        assertThat(last.response().headers().firstValue("Link")).isEmpty();
    }

    /** Else logs that are an hour old by then would be on no page. */
    @Test
    @DisplayName("75 pages of a time that is relative to now")
    void a_relative_time_is_that_of_the_first_page() {
        String next = next(Door.api().get("/api/v1/logs/?limit=2&start_time=-1h&end_time=now&app=" + fiveLogs()));
        assertThat(next.replaceFirst("cursor=[^&]*", ""))
                .doesNotContain("-1h", "now")
                .containsPattern("start_time=[-0-9]+T.*end_time=[-0-9]+T");

        Answer second = Door.api().get(next);
        assertThat(second.body()).hasSize(2);
        assertThat(Door.api().get(next(second)).body()).hasSize(1);
    }

    private static String fiveLogs() {
        String app = Door.newApp();
        ingest(app, Collections.nCopies(5, rec()).toArray(String[]::new));
        Door.storedBeforeANewOne(app);
        return app;
    }

    private static String cursor(String list) {
        return next(Door.api().get(list)).replaceAll(".*cursor=([^&]*).*", "$1");
    }

    private static void assertNoCursor(String path) {
        Answer answer = Door.api().get(path);
        assertThat(answer.status()).as(path).isEqualTo(400);
        Door.assertProblem(answer, "invalid_cursor");
    }

    @ParameterizedTest(name = "76 id {0}")
    @ValueSource(strings = {"abc", "1.5", "9223372036854775808", "0x", "0x5", "%2B5", "1%205", "1%20OR%201=1"})
    void an_id_is_an_integer(String id) {
        assertRefused(Door.api().get("/api/v1/logs/" + id + "/context"), "");
    }

    @ParameterizedTest(name = "76 id {0}")
    @ValueSource(strings = {"0", "-1", "9223372036854775807"})
    void a_log_may_be_absent(String id) {
        for (String path : List.of("", "/context")) {
            Answer answer = Door.api().get("/api/v1/logs/" + id + path);

            assertThat(answer.status()).isEqualTo(404);
            Door.assertProblem(answer, "not_found");
        }
    }

    private static Stream<String> names() {
        return Stream.of(
                "a/b", "..", "../..", "a b", "a+b", "a&b=c", "a;b", "#", "é", "😀".repeat(50), "%2F", "a?b", "a:b");
    }

    @ParameterizedTest(name = "79 {0}")
    @MethodSource("names")
    void names_make_the_round_trip(String name) {
        String app = Door.newApp() + name;
        ingest(app, rec("service", quoted(name)));
        Door.storedBeforeANewOne(app);

        assertThat(messages("app=" + encoded(app) + "&service=" + encoded(name)))
                .hasSize(1);
        JsonNode stats = Door.api().get("/api/v1/stats/?app=" + encoded(app)).body();
        assertThat(stats.at("/by_app").get(app).asInt()).isOne();
        assertThat(stats.at("/by_service").get(name).asInt()).isOne();
    }

    private static Stream<String> exactNames() {
        return Stream.of("..", "a/b", "😀".repeat(100));
    }

    @ParameterizedTest(name = "79 exactly {0}")
    @MethodSource("exactNames")
    void an_app_may_have_any_name(String name) {
        ingest(name, rec("message", "\"of its own\""));
        Door.storedBeforeANewOne(name);

        Answer logs = Door.api().get("/api/v1/logs/?app=" + encoded(name));
        assertThat(logs.body())
                .isNotEmpty()
                .allSatisfy(log -> assertThat(log.get("app").asText()).isEqualTo(name));
        Answer apps = Door.api().get("/api/v1/apps/?name=" + encoded(name));
        assertThat(apps.body()).hasSize(1);
        assertThat(apps.body().at("/0/name").asText()).isEqualTo(name);
        JsonNode stats = Door.api().get("/api/v1/stats/?app=" + encoded(name)).body();
        assertThat(stats.get("by_app").fieldNames()).toIterable().containsExactly(name);
    }

    private static Stream<String> noNames() {
        return Stream.of(
                "app=%00",
                "service=a%00b",
                "level=%00",
                "q=%00",
                "app=",
                "service=%20",
                "level=",
                "app_id=x",
                "app_id=-5",
                "app_id=0",
                "app_id=0x1",
                "app=" + "a".repeat(101),
                "service=" + "%F0%9F%98%80".repeat(101),
                "level=" + "L".repeat(21));
    }

    @ParameterizedTest(name = "79 {0}")
    @MethodSource("noNames")
    void a_name_is_text_that_a_log_may_have(String query) {
        assertRefused(Door.api().get("/api/v1/logs/?" + query), query.replaceAll("=.*", ""));
    }

    @Test
    void whether_to_count_is_true_or_false() {
        assertRefused(Door.api().get("/api/v1/logs/?count=maybe"), "'count' must be true or false");
    }

    @ParameterizedTest(name = "histogram {0}")
    @ValueSource(
            strings = {
                "interval=",
                "interval=0s",
                "interval=-1h",
                "interval=1w",
                "interval=1.5h",
                "interval=h",
                "interval=60",
                "interval=1234567s",
                "interval=1h&interval=1h",
                "interval=1s",
                "interval=1m&start_time=-2d",
                "interval=999999d&interval=1d",
                "interval=1d&start_time=0001-01-01",
                "start_time=2999-01-01"
            })
    void an_interval_is_one_or_refused(String query) {
        assertRefused(Door.api().get("/api/v1/stats/histogram?" + query), "");
    }

    @ParameterizedTest(name = "fields {0}")
    @ValueSource(strings = {"size=0", "size=101", "size=x", "size="})
    void a_size_is_a_number_up_to_100(String query) {
        assertRefused(Door.api().get("/api/v1/stats/fields?" + query), "'size'");
    }

    private static String next(Answer answer) {
        var link = NEXT.matcher(answer.response().headers().firstValue("Link").orElseThrow());
        assertThat(link.matches()).isTrue();
        return link.group(1);
    }
}
