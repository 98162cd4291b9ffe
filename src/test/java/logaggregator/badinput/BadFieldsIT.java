package logaggregator.badinput;

import static logaggregator.badinput.BadInput.APP;
import static logaggregator.badinput.BadInput.GOOD;
import static logaggregator.badinput.BadInput.rec;
import static logaggregator.badinput.BadInput.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records whose level, message, service or application isn't as it should be: rows 20 to 36. */
@ExtendWith(Door.class)
class BadFieldsIT {

    private static final String EMOJI = "\uD83D\uDE00";

    private static Stream<BadInput> missing() {
        return Stream.concat(
                Stream.of("level", "message", "service")
                        .map(field -> row(20, "no " + field, rec(field, null)).rejected("missing_field")),
                Stream.of(row(21, "neither app nor app_id", rec("app", null)).rejected("missing_field")));
    }

    private static Stream<BadInput> appIds() {
        return Stream.concat(
                Stream.of(
                        row(22, "unknown app_id", GOOD + "\n" + rec("app", null, "app_id", "2147483647"))
                                .rejectedBut(1, "unknown_app"),
                        row(22, "unknown app_id, strict", rec("app", null, "app_id", "2147483647"))
                                .rejected("unknown_app")),
                Stream.of("-1", "0", "2147483648", "1.5", "1e0", "\"1\"", "[1]", "9".repeat(900))
                        .map(id -> row(22, "app_id " + id.substring(0, Math.min(12, id.length())), rec("app_id", id))
                                .rejected("invalid_type")));
    }

    private static Stream<BadInput> types() {
        Stream<BadInput> blank = Stream.of("level", "service", "app").flatMap(field -> Stream.of("", " ", "\u3000")
                .map(text -> row(24, "blank " + field, rec(field, quoted(text))).rejected("blank")));
        Stream<BadInput> message = Stream.of("", " ", "\t\n")
                .map(text -> row(24, "blank message", rec("message", quoted(text)))
                        .accepted(1)
                        .storing(text("message", text)));
        Stream<BadInput> other = Stream.of("null", "1", "{}", "[]", "true")
                .map(json -> row(25, "message " + json, rec("message", json)).rejected("invalid_type"));
        return Stream.of(blank, message, other).flatMap(rows -> rows);
    }

    private static Stream<BadInput> levels() {
        return Stream.of(
                level(26, "info", "INFO"),
                level(26, " Error ", "ERROR"),
                level(26, "WARN", "WARNING"),
                level(26, "fatal", "FATAL"),
                level(27, "BANANA", "BANANA"),
                level(27, "b\u00e4nana", "B\u00c4NANA"),
                row(27, "level of 10 kB", rec("level", quoted("x".repeat(10_000))))
                        .rejected("too_long"));
    }

    private static Stream<BadInput> lengths() {
        return Stream.of(
                row(28, "longest message", rec("message", quoted("x".repeat(65_536))))
                        .accepted(1)
                        .storing(text("message", "x".repeat(65_536))),
                row(28, "message too long", rec("message", quoted("x".repeat(65_537))))
                        .rejected("too_long"),
                row(28, "255 emoji", rec("message", quoted(EMOJI.repeat(255))))
                        .accepted(1)
                        .storing(text("message", EMOJI.repeat(255))),
                row(28, "longest message of emoji", rec("message", quoted(EMOJI.repeat(65_536))))
                        .accepted(1)
                        .storing(text("message", EMOJI.repeat(65_536))),
                row(28, "one emoji too many", rec("message", quoted(EMOJI.repeat(65_537))))
                        .rejected("too_long"),
                row(29, "longest service", rec("service", quoted(EMOJI.repeat(100))))
                        .accepted(1),
                row(29, "service too long", rec("service", quoted("x".repeat(101))))
                        .rejected("too_long"),
                row(29, "app too long", rec("app", quoted("x".repeat(101)))).rejected("too_long"));
    }

    private static Stream<BadInput> unstorable() {
        return Stream.of("\\u0000", "\\ud800", "\\udc00x").flatMap(escape -> {
            int row = escape.equals("\\u0000") ? 30 : 31;
            String sent = "a" + escape + "b";
            String kept = "a\uFFFD" + escape.substring(6) + "b";
            Consumer<List<JsonNode>> flagged =
                    logs -> assertThat(logs.get(0).at("/metadata_/sanitized").asBoolean())
                            .isTrue();
            return Stream.of(
                    row(row, escape + " in message", rec("message", '"' + sent + '"'))
                            .accepted(1)
                            .storing(text("message", kept).andThen(flagged)),
                    row(row, escape + " in service", rec("service", '"' + sent + '"'))
                            .accepted(1)
                            .storing(text("service", kept).andThen(flagged)),
                    row(row, escape + " in app", rec("app", '"' + APP + sent + '"'))
                            .inApp(kept)
                            .accepted(1)
                            .storing(flagged),
                    row(row, escape + " in a key", rec("metadata_", "{\"" + sent + "\":1}"))
                            .accepted(1)
                            .storing(logs -> assertThat(logs.get(0)
                                            .get("metadata_")
                                            .get(kept)
                                            .asInt())
                                    .isOne()),
                    row(row, escape + " in a value", rec("metadata_", "{\"k\":\"" + sent + "\"}"))
                            .accepted(1)
                            .storing(logs -> assertThat(
                                            logs.get(0).at("/metadata_/k").asText())
                                    .isEqualTo(kept)));
        });
    }

    private static Stream<BadInput> hostileText() {
        return Stream.of(
                        text(32, EMOJI),
                        text(32, "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"),
                        text(32, "a\u202Eb\u2066c\u2069"),
                        text(32, "a" + "\u0301".repeat(10_000)),
                        text(33, "\u001B[2J\u001B]8;;http://x\u0007y\u001B]52;c;eA==\u0007\b\rover"),
                        text(34, "a\n2026-01-01T00:00:00.000Z INFO  StartupReport fake\r\nb"),
                        text(35, "\\."),
                        text(35, "\\N"),
                        text(35, "a\tb\t"),
                        text(35, "tail\\"),
                        text(35, "\\u0000"),
                        text(35, "\\\\."),
                        text(35, "a\n\\.\nb"),
                        text(36, "'; DROP TABLE logs; --"),
                        text(36, "$1 ? %s {} {{app.roles}} {{nothing}}"),
                        text(36, "${jndi:ldap://127.0.0.1:1/x} ${env:PATH} ${sys:user.home}"),
                        text(36, "${body} ${bean:ingestAnswer} ${header.x} ${exception.message} #{1+1} $simple{body}"),
                        text(36, "<script>alert(1)</script>"))
                .flatMap(inputs -> inputs);
    }

    /** As message, service, key and value. */
    private static Stream<BadInput> text(int row, String text) {
        String shown = text.substring(0, Math.min(20, text.length())).replaceAll("\\p{C}", "·");
        Stream<BadInput> service = text.length() > 100
                ? Stream.of()
                : Stream.of(row(row, "as service: " + shown, rec("service", quoted(text)))
                        .accepted(1)
                        .storing(text("service", text)));
        Stream<BadInput> key = text.length() > 1_024
                ? Stream.of()
                : Stream.of(row(row, "as key: " + shown, rec("metadata_", "{" + quoted(text) + ":1}"))
                        .accepted(1)
                        .storing(logs -> assertThat(
                                        logs.get(0).get("metadata_").get(text).asInt())
                                .isOne()));
        Stream<BadInput> others = Stream.of(
                row(row, "as message: " + shown, rec("message", quoted(text)))
                        .accepted(1)
                        .storing(text("message", text)),
                row(row, "as value: " + shown, rec("metadata_", "{\"k\":" + quoted(text) + "}"))
                        .accepted(1)
                        .storing(logs -> assertThat(
                                        logs.get(0).at("/metadata_/k").asText())
                                .isEqualTo(text)));
        return Stream.of(others, service, key).flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"missing", "appIds", "types", "levels", "lengths", "unstorable", "hostileText"})
    void is_answered_as_it_deserves(BadInput input) {
        Door.check(input);
    }

    @Test
    @DisplayName("23 app and app_id disagree")
    void tells_that_app_and_app_id_disagree() {
        String app = Door.newApp();
        Door.api().ingest(GOOD.replace(APP, app));
        int id = Door.storedBeforeANewOne(app).get(0).get("app_id").asInt();
        String known = rec("app_id", Integer.toString(id)).replace(APP, app);
        String other = rec("app_id", Integer.toString(id));

        Answer both = Door.api().ingest(known + "\n" + other);
        Answer strict = Door.api().post("/api/v1/ingest/?strict=true", (known + "\n" + other).getBytes());

        assertThat(both.status()).isEqualTo(200);
        assertThat(both.body().get("enqueued").asInt()).isEqualTo(1);
        assertThat(both.body().at("/rejected/0/reason").asText()).isEqualTo("app_mismatch");
        assertThat(both.body().at("/rejected/0/index").asInt()).isEqualTo(1);
        assertThat(strict.status()).isEqualTo(400);
        Door.assertProblem(strict, "invalid_record");
        assertThat(Door.storedBeforeANewOne(app)).hasSize(2);
    }

    private static BadInput level(int row, String sent, String kept) {
        return row(row, "level " + sent, rec("level", quoted(sent))).accepted(1).storing(text("level", kept));
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    private static Consumer<List<JsonNode>> text(String field, String expected) {
        return logs -> assertThat(logs.get(0).get(field).asText()).isEqualTo(expected);
    }
}
