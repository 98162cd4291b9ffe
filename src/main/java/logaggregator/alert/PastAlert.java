package logaggregator.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A notice and what became of it. */
@Schema(description = "A notice and what became of it")
public record PastAlert(
        @Schema(example = "42") long id,
        @Schema(example = "ERROR") String rule,
        @Schema(example = "warning") String severity,
        @Schema(allowableValues = {"firing", "resolved"}) String state,

        @Schema(description = "Logs counted in the rule's interval", example = "12")
        long count,

        @Schema(description = "Value of what the rule groups by; empty when it doesn't")
        String group,

        @JsonProperty("started_at") @Schema(description = "When the condition was first seen to hold")
        Instant startedAt,

        @JsonProperty("ended_at")
        @Schema(description = "When it was seen to hold no longer; null while it holds")
        @Nullable
        Instant endedAt,

        @JsonProperty("fired_at") @Schema(description = "When it was sent, the last time")
        Instant firedAt,

        @Schema(description = "Whether a channel took it; otherwise it is sent again")
        boolean delivered,

        @Schema(description = "How often it was sent", example = "1")
        int attempts,

        @Schema(example = "ERROR: 12 logs in 60s") String message,

        @Schema(description = "Address of the logs; empty when PUBLIC_URL isn't set")
        String link,

        @Schema(description = "What became of it at each channel, the last time")
        List<ChannelResult> results) {}
