package logaggregator.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import logaggregator.store.LogReader;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reading logs. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/logs")
class LogsController {

    private static final String DEFAULT_LIMIT = "50";
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_SKIP = 100_000;
    private static final int MAX_CONTEXT = 100;

    private final LogReader logs;

    LogsController(LogReader logs) {
        this.logs = logs;
    }

    @GetMapping({"", "/filter"})
    @KnownParameters(
            value = {"skip", "limit", "order", "cursor", "count"},
            logFilter = true)
    List<StoredLog> list(
            LogFilter filter,
            @RequestParam(name = "order", defaultValue = "desc")
                    @Pattern(regexp = "asc|desc", message = "must be asc or desc")
                    String order,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor,
            @RequestParam(name = "skip", defaultValue = "0")
                    @Min(0)
                    @Max(value = MAX_SKIP, message = "must be at most 100000: use the cursor of the Link header")
                    int skip,
            @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT) @Min(1) @Max(MAX_LIMIT) int limit,
            @RequestParam(name = "count", defaultValue = "false") boolean count,
            HttpServletRequest request,
            HttpServletResponse response) {
        LogPage.Position after = cursor == null ? null : Cursor.parse(cursor, request.getParameterMap());
        List<StoredLog> page = logs.find(filter, new LogPage(order.equals("desc"), after, skip, limit));
        if (page.size() == limit) {
            String next = Cursor.after(page.get(limit - 1), request.getParameterMap());
            response.setHeader(HttpHeaders.LINK, NextLink.with(request, "cursor", next, "skip"));
        }
        if (count) {
            response.setHeader("X-Total-Count", Long.toString(logs.count(filter)));
        }
        return page;
    }

    @GetMapping("/{id}")
    @KnownParameters({})
    StoredLog one(@PathVariable("id") long id) {
        return find(id);
    }

    /** What the same service of the same application has logged around it, in the order of time, itself in between. */
    @GetMapping("/{id}/context")
    @KnownParameters({"before", "after"})
    List<StoredLog> context(
            @PathVariable("id") long id,
            @RequestParam(name = "before", defaultValue = "10") @Min(0) @Max(MAX_CONTEXT) int before,
            @RequestParam(name = "after", defaultValue = "10") @Min(0) @Max(MAX_CONTEXT) int after) {
        return logs.around(find(id), before, after);
    }

    private StoredLog find(long id) {
        StoredLog log = logs.get(id);
        if (log == null) {
            throw new NotFoundException("there is no log " + id);
        }
        return log;
    }
}
