package logaggregator.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import logaggregator.access.Access;
import logaggregator.access.Sessions;
import logaggregator.store.LogFilter;
import logaggregator.tail.LiveTail;
import logaggregator.tail.TailListener;
import logaggregator.tail.TailPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Logs as they come in, as Server-Sent Events. */
@RestController
@OnApiRole
@Tag(name = "Logs")
class TailController {

    private static final String EVENTS = """
            :

            id: 1767225600000-0:3
            data: {"level":"ERROR","message":"error","timestamp":"2026-01-01T00:00:00Z","metadata_":null,"service":"db",\
            "app_id":null,"app":"demo","received_at":"2026-01-01T00:00:00.012Z"}

            event: missed
            data: {"count":17}

            """;

    private final LiveTail tail;
    private final Sessions sessions;
    private final ObjectMapper json;

    TailController(LiveTail tail, Sessions sessions, ObjectMapper json) {
        this.tail = tail;
        this.sessions = sessions;
        this.json = json;
    }

    @Operation(operationId = "tail_logs", summary = "Follow logs as they come in", description = """
                    Server-Sent Events, each with a `LiveLog` as its `data`, as it enters the queue, before it is stored. A comment or an
                    id without data comes at least every 10 seconds. `event: missed` tells of logs that were left out, and how many:
                    `{"count":17}` for a client that reads too slowly, `{"count":null}` when nobody knows.""")
    @ApiResponse(
            responseCode = "200",
            description = "Events, until the client or the service ends",
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(EVENTS)))
    @GetMapping("/api/v1/logs/tail")
    @KnownParameters(
            value = {},
            logFilter = true)
    void tail(
            LogFilter filter,
            @Parameter(
                            description = "The id of the last event that was seen, to go on after it; browsers send it",
                            example = "1767225600000-0:3")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable
                    String lastEventId,
            Access access,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        TailPosition after = lastEventId == null || lastEventId.isEmpty() ? null : position(lastEventId);
        if (request.getMethod().equals("HEAD")) {
            describe(response);
            return;
        }
        TailListener listener = tail.listen(filter, after, access.account());
        try {
            describe(response);
            AsyncContext connection = request.startAsync();
            connection.setTimeout(0);
            EventStream.start(listener, connection, json, () -> sessions.isCurrent(access));
        } catch (IOException | RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }

    private static void describe(HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // reverse proxies would hold events back
        response.setHeader("X-Accel-Buffering", "no");
    }

    private static TailPosition position(String lastEventId) {
        try {
            return TailPosition.parse(lastEventId);
        } catch (IllegalArgumentException e) {
            throw new InvalidParameterException("header 'Last-Event-ID' must be the id of an event of this stream");
        }
    }
}
