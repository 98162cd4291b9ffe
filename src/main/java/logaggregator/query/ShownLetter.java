package logaggregator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import logaggregator.deadletter.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as the API shows it.
 *
 * @param data the record as text
 * @param dataBase64 the record's bytes, when they are not valid UTF-8
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ShownLetter(
        String id,
        String reason,
        @Nullable String field,
        String error,
        String app,
        String data,
        @JsonProperty("data_base64") byte @Nullable [] dataBase64,
        @JsonProperty("failed_at") Instant failedAt,
        @JsonProperty("received_at") Instant receivedAt,
        long attempts,
        long replays,
        String source,
        @JsonProperty("msg_id") String entry,
        int line,
        UUID identity) {

    static ShownLetter of(DeadLetter letter) {
        String text = new String(letter.data(), UTF_8);
        boolean valid = Arrays.equals(text.getBytes(UTF_8), letter.data());
        return new ShownLetter(
                letter.id(),
                letter.reason(),
                letter.field(),
                letter.error(),
                letter.app(),
                text,
                valid ? null : letter.data(),
                letter.failedAt(),
                letter.receivedAt(),
                letter.attempts(),
                letter.replays(),
                letter.source(),
                letter.entry(),
                letter.line(),
                letter.identity());
    }
}
