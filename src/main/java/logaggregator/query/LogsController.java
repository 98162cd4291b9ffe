package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import logaggregator.access.Access;
import logaggregator.search.TimeText;
import logaggregator.store.CountedLogs;
import logaggregator.store.FoundLogs;
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
@Tag(name = "Logs")
@ApiResponse(responseCode = "504", ref = "#/components/responses/QueryTimeout")
class LogsController {

    private static final String DEFAULT_LIMIT = "50";
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_SKIP = 100_000;
    private static final int MAX_CONTEXT = 100;

    private final LogReader logs;

    LogsController(LogReader logs) {
        this.logs = logs;
    }

    @Operation(
            operationId = "list_logs",
            summary = "List logs",
            description =
                    "Those that pass every filter, newest first: as many as `limit` says, or about 8 MB of them. `/api/v1/logs/filter` is the same.")
    @ApiResponse(
            responseCode = "200",
            description = "A page of logs",
            useReturnTypeSchema = true,
            headers = {
                @Header(name = "Link", ref = "#/components/headers/Next"),
                @Header(
                        name = "X-Total-Count",
                        description = "How many logs match, if `count=true`",
                        schema = @Schema(type = "integer", format = "int64", minimum = "0"))
            })
    @GetMapping({"", "/filter"})
    @KnownParameters(
            value = {"skip", "limit", "order", "cursor", "count"},
            logFilter = true)
    List<StoredLog> list(
            LogFilter filter,
            @Parameter(
                            description = "`desc`: newest first; `asc`: oldest first",
                            schema =
                                    @Schema(
                                            allowableValues = {"asc", "desc"},
                                            defaultValue = "desc"))
                    @RequestParam(name = "order", defaultValue = "desc")
                    @Pattern(regexp = "asc|desc", message = "must be asc or desc")
                    String order,
            @Parameter(
                            description =
                                    "Where the page before has ended, from its `Link` header, with whose other parameters it is good only")
                    @RequestParam(name = "cursor", required = false)
                    @Nullable
                    String cursor,
            @Parameter(description = "How many logs to leave out; follow `Link` to get further")
                    @RequestParam(name = "skip", defaultValue = "0")
                    @Min(0)
                    @Max(value = MAX_SKIP, message = "must be at most 100000: use the cursor of the Link header")
                    int skip,
            @Parameter(description = "How many logs at most")
                    @RequestParam(name = "limit", defaultValue = DEFAULT_LIMIT)
                    @Min(1)
                    @Max(MAX_LIMIT)
                    int limit,
            @Parameter(description = "Whether to count all that match, for `X-Total-Count`")
                    @RequestParam(name = "count", defaultValue = "false")
                    boolean count,
            HttpServletRequest request,
            HttpServletResponse response) {
        LogPage.Position after = cursor == null ? null : Cursor.parse(cursor, request.getParameterMap());
        LogPage wanted = new LogPage(order.equals("desc"), after, skip, limit);
        FoundLogs page = count ? findAndCount(filter, wanted, response) : logs.find(filter, wanted);
        if (page.more()) {
            StoredLog last = page.logs().get(page.logs().size() - 1);
            response.setHeader(HttpHeaders.LINK, nextLink(request, filter, last));
        }
        return page.logs();
    }

    /** What {@code start_time} and {@code end_time} say relative to now is that of the first page: else logs would be gone. */
    private static String nextLink(HttpServletRequest request, LogFilter filter, StoredLog last) {
        Map<String, String> changed = new LinkedHashMap<>();
        fix("start_time", filter.start(), request, changed);
        fix("end_time", filter.end(), request, changed);
        Map<String, String[]> next = new HashMap<>(request.getParameterMap());
        changed.forEach((name, value) -> next.put(name, new String[] {value}));
        changed.put("cursor", Cursor.after(last, next));
        return NextLink.with(request, changed, "skip");
    }

    private static void fix(
            String name, @Nullable Instant time, HttpServletRequest request, Map<String, String> changed) {
        if (time != null && TimeText.isRelative(request.getParameter(name))) {
            changed.put(name, time.toString());
        }
    }

    private FoundLogs findAndCount(LogFilter filter, LogPage page, HttpServletResponse response) {
        CountedLogs counted = logs.findAndCount(filter, page);
        response.setHeader("X-Total-Count", Long.toString(counted.total()));
        return counted.page();
    }

    @Operation(operationId = "get_log", summary = "Get a log")
    @ApiResponse(responseCode = "200", description = "The log", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @GetMapping("/{id}")
    @KnownParameters({})
    StoredLog one(@PathVariable("id") long id, Access access) {
        StoredLog log = logs.get(id);
        if (log == null || !access.hasApp(log.app())) {
            throw notFound(id);
        }
        return log;
    }

    /** What the same service of the same application has logged around it, in the order of time, itself in between. */
    @Operation(
            operationId = "get_context",
            summary = "Get what happened around a log",
            description =
                    "What the same service of the same app logged around it, in the order of time, itself in between: of those before it, and of those after it, as many as are wanted or about 8 MB of them.")
    @ApiResponse(responseCode = "200", description = "Logs, oldest first", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @GetMapping("/{id}/context")
    @KnownParameters({"before", "after"})
    List<StoredLog> context(
            @PathVariable("id") long id,
            @Parameter(description = "How many before it")
                    @RequestParam(name = "before", defaultValue = "10")
                    @Min(0)
                    @Max(MAX_CONTEXT)
                    int before,
            @Parameter(description = "How many after it")
                    @RequestParam(name = "after", defaultValue = "10")
                    @Min(0)
                    @Max(MAX_CONTEXT)
                    int after,
            Access access) {
        List<StoredLog> context = logs.context(id, before, after);
        // all of them are of the same application
        if (context.isEmpty() || !access.hasApp(context.get(0).app())) {
            throw notFound(id);
        }
        return context;
    }

    private static NotFoundException notFound(long id) {
        return new NotFoundException("there is no log " + id);
    }
}
