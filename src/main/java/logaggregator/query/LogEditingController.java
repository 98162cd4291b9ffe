package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import logaggregator.Durability;
import logaggregator.store.LogEditor;
import logaggregator.store.StoredLog;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Storing logs while the client waits, and deleting them. */
@RestController
@OnApiRole
@Tag(name = "Logs")
class LogEditingController {

    private static final String KEY =
            "The producer's name for this request, e.g. a UUID: under one key it is stored once";

    private final LogWriter writer;
    private final LogEditor logs;

    LogEditingController(LogWriter writer, LogEditor logs) {
        this.writer = writer;
        this.logs = logs;
    }

    @Operation(
            operationId = "create_log",
            summary = "Store a log",
            description = "The answer comes when it is committed in PostgreSQL.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(ref = "#/components/schemas/Record"))))
    @ApiResponse(
            responseCode = "201",
            description = "The log as it is stored",
            useReturnTypeSchema = true,
            headers = {
                @Header(
                        name = "Location",
                        description = "Where it is",
                        required = true,
                        schema = @Schema(type = "string")),
                @Header(name = "Log-Durability", ref = "#/components/headers/Durability")
            })
    @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidRecords")
    @ApiResponse(responseCode = "409", ref = "#/components/responses/StoredBefore")
    @ApiResponse(responseCode = "429", ref = "#/components/responses/QueueFull")
    @PostMapping("/api/v1/logs")
    @KnownParameters({})
    ResponseEntity<StoredLog> create(
            @org.springframework.web.bind.annotation.RequestBody(required = false) byte @Nullable [] body,
            @Parameter(description = KEY) @RequestHeader(name = "Idempotency-Key", required = false) @Nullable
                    String key,
            HttpServletRequest request,
            HttpServletResponse response) {
        StoredLog log = writer.writeOne(body, key, request, response).get(0);
        return created(URI.create("/api/v1/logs/" + log.id())).body(log);
    }

    @Operation(
            operationId = "create_logs",
            summary = "Store many logs",
            description = "All or nothing. The answer comes when they are committed in PostgreSQL.",
            requestBody = @RequestBody(ref = "#/components/requestBodies/Records"))
    @ApiResponse(
            responseCode = "201",
            description = "The logs as they are stored, in the order sent; without those that were stored before",
            useReturnTypeSchema = true,
            headers = @Header(name = "Log-Durability", ref = "#/components/headers/Durability"))
    @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidRecords")
    @ApiResponse(responseCode = "409", ref = "#/components/responses/StoredBefore")
    @ApiResponse(responseCode = "429", ref = "#/components/responses/QueueFull")
    @PostMapping("/api/v1/bulk_logs")
    @KnownParameters({})
    ResponseEntity<List<StoredLog>> createAll(
            @Parameter(hidden = true) @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @Parameter(description = KEY) @RequestHeader(name = "Idempotency-Key", required = false) @Nullable
                    String key,
            HttpServletRequest request,
            HttpServletResponse response) {
        return created(null).body(writer.write(body, key, request, response));
    }

    private static ResponseEntity.BodyBuilder created(@Nullable URI location) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(201).header("Log-Durability", Durability.POSTGRES.token());
        return location == null ? answer : answer.location(location);
    }

    @Operation(operationId = "delete_log", summary = "Delete a log")
    @ApiResponse(responseCode = "200", description = "The deleted log", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @ApiResponse(responseCode = "504", ref = "#/components/responses/QueryTimeout")
    @DeleteMapping("/api/v1/logs/{id}")
    @KnownParameters({})
    StoredLog delete(@PathVariable("id") long id) {
        StoredLog log = logs.delete(id);
        if (log == null) {
            throw new NotFoundException("there is no log " + id);
        }
        return log;
    }
}
