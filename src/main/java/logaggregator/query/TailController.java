package logaggregator.query;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
class TailController {

    private final LiveTail tail;
    private final ObjectMapper json;

    TailController(LiveTail tail, ObjectMapper json) {
        this.tail = tail;
        this.json = json;
    }

    @GetMapping("/api/v1/logs/tail")
    @KnownParameters(
            value = {},
            logFilter = true)
    void tail(
            LogFilter filter,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        TailPosition after = lastEventId == null || lastEventId.isEmpty() ? null : position(lastEventId);
        if (request.getMethod().equals("HEAD")) {
            describe(response);
            return;
        }
        TailListener listener = tail.listen(filter, after);
        try {
            describe(response);
            AsyncContext connection = request.startAsync();
            connection.setTimeout(0);
            EventStream.start(listener, connection, json);
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
