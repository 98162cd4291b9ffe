package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.access.Access;
import logaggregator.access.Sessions;
import logaggregator.export.Export;
import logaggregator.export.ExportFormat;
import logaggregator.export.Exports;
import logaggregator.store.LogFilter;
import logaggregator.store.StoredLog;
import org.apache.coyote.CloseNowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Logs as a file of any size. */
@RestController
@OnApiRole
@Tag(name = "Logs")
class ExportController {

    private static final Logger log = LoggerFactory.getLogger(ExportController.class);

    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Exports exports;
    private final Sessions sessions;
    private final Clock clock;

    ExportController(Exports exports, Sessions sessions, Clock clock) {
        this.exports = exports;
        this.sessions = sessions;
        this.clock = clock;
    }

    @Operation(
            operationId = "export_logs",
            summary = "Export logs",
            description = "All logs that match, as a file of any size. A response that ended properly is complete.")
    @ApiResponse(
            responseCode = "200",
            description = "`ndjson`: one log per line; `csv`: a header row, then one log per row, its metadata as"
                    + " JSON; `parquet`: a column per field",
            headers =
                    @Header(
                            name = "Content-Disposition",
                            description = "With a name for the file",
                            required = true,
                            schema = @Schema(type = "string")),
            content = {
                @Content(mediaType = "application/x-ndjson", schema = @Schema(implementation = StoredLog.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(
                        mediaType = "application/vnd.apache.parquet",
                        schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "504", ref = "#/components/responses/QueryTimeout")
    @GetMapping("/api/v1/logs/export")
    @KnownParameters(
            value = {"format", "order", "zone"},
            logFilter = true)
    void export(
            LogFilter filter,
            @Parameter(
                            description = "What the file holds",
                            schema =
                                    @Schema(
                                            allowableValues = {"ndjson", "csv", "parquet"},
                                            defaultValue = "ndjson"))
                    @RequestParam(name = "format", defaultValue = "ndjson")
                    @Pattern(regexp = "ndjson|csv|parquet", message = "must be ndjson, csv or parquet")
                    String format,
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
                                    "Of the times in `csv`: a name like `Europe/Berlin`, or an offset. All others are in UTC",
                            example = "Europe/Berlin")
                    @RequestParam(name = "zone", defaultValue = "UTC")
                    String zone,
            Access access,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IncompleteExportException {
        ExportFormat as = ExportFormat.valueOf(format.toUpperCase(Locale.ROOT));
        try (Export export =
                exports.open(filter, order.equals("desc"), as, zone(zone), () -> sessions.isCurrent(access))) {
            response.setContentType(as.contentType());
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    "attachment; filename=\"logs-" + NAME_TIME.format(clock.instant()) + "." + format + "\"");
            if (!request.getMethod().equals("HEAD")) {
                write(export, response);
            }
        }
    }

    private static ZoneId zone(String name) {
        try {
            // a + that was not encoded arrives as a space
            return ZoneId.of(name.replace(' ', '+'));
        } catch (DateTimeException e) {
            throw new InvalidParameterException("parameter 'zone' must be a time zone, e.g. Europe/Berlin or +02:00");
        }
    }

    private static void write(Export export, HttpServletResponse response) throws IncompleteExportException {
        try {
            response.flushBuffer();
            export.writeTo(response.getOutputStream());
        } catch (UnavailableException | QueryTimedOutException e) {
            log.warn("An export was broken off: {}", e.getMessage());
            throw new IncompleteExportException();
        } catch (IOException e) {
            log.debug("A client went away during an export", e);
        }
    }

    /** The server, which gets to see it, breaks the connection: what is incomplete must not look complete. */
    @ExceptionHandler
    void rethrow(IncompleteExportException e) throws IncompleteExportException {
        throw e;
    }

    /**
     * The rest of what a client was promised can't be sent: the server closes the connection, and logs nothing. Without a
     * cause: one that speaks of a broken pipe, though to the database, would be taken for a client that left.
     */
    static final class IncompleteExportException extends CloseNowException {

        private static final long serialVersionUID = 1L;
    }
}
