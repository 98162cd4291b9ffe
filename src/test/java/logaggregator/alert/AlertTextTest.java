package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertTextTest {

    private static final String HOSTILE = "a \"quoted\" \\ ${env:PATH} {rule} }} {{x}} $1";

    private final AlertText text = new AlertText();

    @Test
    void a_line_is_one_line_whatever_the_message_holds() {
        Map<String, Object> body = Notices.firing("ERROR", "ERROR: 12 logs in 60s\n[ALERT] forged\r\u001b[2J")
                .body();

        assertThat(text.line(body)).isEqualTo("ERROR: 12 logs in 60s | [ALERT] forged ·[2J".replace(" ·", " | ·"));
        assertThat(text.line(Notices.firing("ERROR", "a\u009b2J b\u202egnp.c").body()))
                .isEqualTo("a·2J b·gnp.c");
        assertThat(text.line(Notices.resolved("ERROR", "over").body())).isEqualTo("resolved: over");
    }

    @Test
    void a_text_says_all_that_people_need() {
        assertThat(text.text(Notices.firing("ERROR", "first\nsecond").body()))
                .isEqualTo("Alert: ERROR (db), critical\nfirst\nsecond\nhttp://logs.example/?q=x");
        assertThat(text.text(Notices.resolved("ERROR", "over").body()))
                .isEqualTo("Resolved: ERROR (db), critical\nover");
    }

    @Test
    void nothing_that_a_log_says_is_a_link_or_a_mention_in_slack() {
        assertThat(text.slack(
                        Notices.firing("ERROR", "<!channel> a<b & <http://x|y>").body()))
                .isEqualTo("Alert: ERROR (db), critical\n&lt;!channel&gt; a&lt;b &amp; &lt;http://x|y&gt;"
                        + "\nhttp://logs.example/?q=x");
    }

    @Test
    void a_very_long_message_is_cut_so_that_chats_take_it() {
        Map<String, Object> body = Notices.firing("ERROR", "😀".repeat(100_000)).body();

        assertThat(text.text(body).length()).isLessThan(8_000);
        assertThat(text.subject(body).codePoints().count()).isLessThan(160);
    }

    @Test
    void a_template_stays_json_whatever_the_message_holds() throws Exception {
        Map<String, Object> body = Notices.firing("ERROR", HOSTILE).body();

        JsonNode json = new ObjectMapper()
                .readTree(
                        text.json(
                                body,
                                "{\"m\": \"{message}\", \"in\": [\"<{message}>\", {\"n\": \"{count}\", \"end\": \"{ended_at}\"}], \"x\": \"{Other} {}\", \"y\": 1}"));

        assertThat(json.get("m").asText()).isEqualTo(HOSTILE);
        assertThat(json.get("in").get(0).asText()).isEqualTo("<" + HOSTILE + ">");
        assertThat(json.get("in").get(1).get("n").isIntegralNumber()).isTrue();
        assertThat(json.get("in").get(1).get("end").isNull()).isTrue();
        assertThat(json.get("x").asText()).isEqualTo("{Other} {}");
        assertThat(json.get("y").asInt()).isEqualTo(1);
    }

    @Test
    void a_template_that_makes_no_sense_is_refused() {
        Map<String, Object> body = Notices.firing("ERROR", "m").body();

        assertThatThrownBy(() -> text.json(body, "{\"m\": "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("isn't JSON");
        assertThatThrownBy(() -> text.json(body, "{\"m\": \"{mesage}\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{mesage}")
                .hasMessageContaining("message");
    }
}
