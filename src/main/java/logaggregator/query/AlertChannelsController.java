package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.NoSuchElementException;
import logaggregator.alert.AlertChannels;
import logaggregator.alert.AlertRecipients;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.ChannelStatus;
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
    private final AlertRecipients recipients;

    AlertChannelsController(AlertChannels channels, AlertRecipients recipients) {
        this.channels = channels;
        this.recipients = recipients;
    }

    @Operation(
            operationId = "list_alert_channels",
            summary = "List the notification channels",
            description =
                    "As the process sees them that answers: each one reads the files itself, and counts what it delivers itself. Built-in channels are listed also when they are off, and names that rules give also when there is no such channel.")
    @ApiResponse(responseCode = "200", description = "The channels", useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters({})
    List<ChannelStatus> list() {
        return recipients.channels();
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
    ChannelResult test(@PathVariable("name") String name) {
        try {
            return channels.test(name);
        } catch (NoSuchElementException e) {
            throw new NotFoundException("no channel of that name is started in this process");
        }
    }
}
