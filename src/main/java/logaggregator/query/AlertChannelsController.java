package logaggregator.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import logaggregator.alert.AlertChannels;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.ChannelStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Notification channels of alerts: list, try out. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/alerts/channels")
@Tag(name = "Alerts")
class AlertChannelsController {

    private final AlertChannels channels;

    AlertChannelsController(AlertChannels channels) {
        this.channels = channels;
    }

    /** As {@link ChannelStatus}. */
    @Schema(name = "Channel")
    record ShownChannel(
            @Schema(example = "slack") String name,

            @Schema(description = "`built-in`, or the file in `ROUTES_DIR`", example = "built-in")
            String source,

            @Schema(description = "Whether alerts go there now")
            boolean started,

            @JsonProperty("loaded_at") @Schema(description = "When the version in use was loaded") @Nullable
            Instant loadedAt,

            @Schema(description = "What is wrong with the file as it is now; the last good version stays in use")
            @Nullable
            String error,

            @Schema(description = "Alerts that the process delivered since its start")
            long delivered,

            @Schema(description = "Alerts that it gave up") long failed) {

        static ShownChannel of(ChannelStatus status) {
            return new ShownChannel(
                    status.name(),
                    status.source(),
                    status.started(),
                    status.loadedAt(),
                    status.error(),
                    status.delivered(),
                    status.failed());
        }
    }

    /** As {@link ChannelResult}. */
    @Schema(name = "ChannelResult")
    record ShownResult(
            @Schema(example = "slack") String channel,
            boolean delivered,

            @Schema(description = "How often it was tried") int attempts,

            @JsonProperty("took_ms") @Schema(description = "Milliseconds")
            long tookMs,

            @Schema(description = "Why it was given up, without secrets") @Nullable
            String error) {}

    @Operation(
            operationId = "list_alert_channels",
            summary = "List the notification channels",
            description =
                    "As the process sees them that answers: each one reads the files itself, and counts what it delivers itself. Built-in channels are listed also when they are off.")
    @ApiResponse(responseCode = "200", description = "The channels", useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters({})
    List<ShownChannel> list() {
        return channels.channels().stream().map(ShownChannel::of).toList();
    }

    @Operation(
            operationId = "test_alert_channel",
            summary = "Send a test alert to a channel",
            description = "From the process that answers; waits for the result, for `NOTIFY_TIMEOUT_MS` at most.")
    @ApiResponse(
            responseCode = "200",
            description = "What became of it, also when it could not be delivered",
            useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @PostMapping("/{name}/test")
    @KnownParameters({})
    ShownResult test(@PathVariable("name") String name) {
        try {
            ChannelResult result = channels.test(name);
            return new ShownResult(
                    result.channel(), result.delivered(), result.attempts(), result.tookMillis(), result.error());
        } catch (NoSuchElementException e) {
            throw new NotFoundException("no channel of that name is started in this process");
        }
    }
}
