package logaggregator.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One notification channel.
 *
 * @param source where its route comes from, e.g. the file name in the operator's folder or {@code built-in}
 * @param started whether alerts go there now
 * @param loadedAt when the version in use was loaded; null for one that was never loaded
 * @param error what is wrong with the file as it is now (the last good version stays in use), or that it should be on and isn't;
 *     null when nothing is
 * @param delivered notices delivered by this process since its start
 * @param failed notices given up by this process since its start
 */
@Schema(name = "Channel")
public record ChannelStatus(
        @Schema(example = "slack") String name,

        @Schema(
                description = "`built-in`, the file in `ROUTES_DIR`, or `missing`: only rules name it",
                example = "built-in")
        String source,

        @Schema(description = "Whether alerts go there now") boolean started,

        @JsonProperty("loaded_at") @Schema(description = "When the version in use was loaded") @Nullable
        Instant loadedAt,

        @Schema(
                description =
                        "What is wrong with the file as it is now (the last good version stays in use), or which rules name it though it is not on")
        @Nullable
        String error,

        @Schema(description = "Alerts that the process delivered since its start")
        long delivered,

        @Schema(description = "Alerts that it gave up") long failed) {

    ChannelStatus with(String problem) {
        return new ChannelStatus(name, source, started, loadedAt, problem, delivered, failed);
    }
}
