package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import logaggregator.support.Api;
import logaggregator.support.Api.Answer;

/** Keys that an admin makes for a test. */
final class NewKey {

    private NewKey() {}

    /** @param fields of the key besides its name, as JSON */
    static Answer create(Api admin, String fields) {
        Answer answer = admin.post("/api/v1/keys/", ("{\"name\":\"test\"," + fields + "}").getBytes(UTF_8));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer;
    }
}
