package logaggregator.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.badinput.BadInput.APP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.util.List;
import logaggregator.support.Api.Answer;

/** What tests ask, and what they expect of a refusal. */
final class Questions {

    private Questions() {}

    static void ingest(String app, String... records) {
        assertThat(Door.api()
                        .ingest(String.join("\n", records).replace('"' + APP + '"', quoted(app)))
                        .status())
                .isEqualTo(200);
    }

    static List<String> messages(String query) {
        Answer answer = Door.api().get("/api/v1/logs/?limit=1000&" + query);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body().findValuesAsText("message");
    }

    static void assertRefused(Answer answer, String named) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        Door.assertProblem(answer, "invalid_parameter");
        assertThat(answer.body().get("detail").asText()).contains(named);
    }

    static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
