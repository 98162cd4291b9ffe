package logaggregator.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of one notice at one channel.
 *
 * @param attempts how often it was tried
 * @param tookMillis until it was delivered or given up
 * @param error why it was given up, without secrets; null when delivered
 */
public record ChannelResult(
        @Schema(example = "slack") String channel,
        boolean delivered,

        @Schema(description = "How often it was tried") int attempts,

        @JsonProperty("took_ms") @Schema(description = "Milliseconds")
        long tookMillis,

        @Schema(description = "Why it was given up, without secrets") @Nullable
        String error) {}
