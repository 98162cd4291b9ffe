package logaggregator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
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
@Schema(name = "DeadLetter", description = "A record that can't be stored, and why")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ShownLetter(
        @Schema(example = "1769860800000-17") String id,

        @Schema(description = "For programs", example = "missing_field")
        String reason,

        @Schema(description = "The field at fault; absent when it is the record as a whole", example = "level")
        @Nullable
        String field,

        @Schema(description = "For people", example = "level is required")
        String error,

        @Schema(description = "As far as it could be read", example = "demo")
        String app,

        @Schema(description = "The record as text") String data,

        @JsonProperty("data_base64") @Schema(description = "Its bytes, when they are not valid UTF-8")
        byte @Nullable [] dataBase64,

        @JsonProperty("failed_at") Instant failedAt,
        @JsonProperty("received_at") Instant receivedAt,
        @Schema(description = "How often it was delivered") long attempts,
        @Schema(description = "How often it was replayed") long replays,

        @Schema(description = "The queue", example = "logs:stream")
        String source,

        @JsonProperty("msg_id") @Schema(description = "The entry of the queue; empty when it went past it")
        String entry,

        @Schema(description = "Which of its records, from 1")
        int line,

        @Schema(description = "The same however often it is replayed")
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
