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
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import logaggregator.support.RawConnection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
                "=%FF"
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

    @Test
    @DisplayName("75 a cursor tampered with, or of other filters")
    void a_cursor_is_good_for_its_filters_only() {
        String app = Door.newApp();
        ingest(app, Collections.nCopies(5, rec()).toArray(String[]::new));
        Door.storedBeforeANewOne(app);
        String first = "/api/v1/logs/?limit=2&app=" + app;
        String next = next(Door.api().get(first));
        String cursor = next.replaceAll(".*cursor=([^&]*).*", "$1");

        assertThat(Door.api().get(next).body()).hasSize(2);
        assertThat(Door.api()
                        .get(first.replace("limit=2", "limit=3") + "&cursor=" + cursor)
                        .body())
                .hasSize(3);
        List<String> others = List.of(
                first + "x&cursor=" + cursor,
                first + "&level=INFO&cursor=" + cursor,
                first + "&order=asc&cursor=" + cursor,
                "/api/v1/logs/?cursor=" + cursor);
        Stream<String> tampered = IntStream.range(0, cursor.length())
                .mapToObj(i -> first + "&cursor=" + cursor.substring(0, i) + (cursor.charAt(i) == 'A' ? 'B' : 'A')
                        + cursor.substring(i + 1));
        Stream<String> broken = Stream.of(
                        "x", "%25", cursor + "A", cursor.substring(1), cursor + "%3D", "a".repeat(500))
                .map(text -> first + "&cursor=" + text);
        Stream.of(others.stream(), tampered, broken).flatMap(queries -> queries).forEach(query -> {
            Answer answer = Door.api().get(query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            Door.assertProblem(answer, "invalid_cursor");
        });
    }

    @ParameterizedTest(name = "76 id {0}")
    @ValueSource(strings = {"abc", "1.5", "9223372036854775808", "0x", "1%20OR%201=1"})
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

    @ParameterizedTest(name = "79 {0}")
    @ValueSource(
            strings = {"app=%00", "service=a%00b", "level=%00", "q=%00", "app=", "service=%20", "level=", "app_id=x"})
    void a_name_is_text(String query) {
        assertRefused(Door.api().get("/api/v1/logs/?" + query), query.replaceAll("=.*", ""));
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
