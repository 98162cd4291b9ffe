package logaggregator.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import logaggregator.alert.AlertBook;
import logaggregator.alert.Silence;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Alerts of which nobody is to be told for a while. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/alerts/silences")
@Tag(name = "Alerts")
class SilencesController {

    private final AlertBook book;

    SilencesController(AlertBook book) {
        this.book = book;
    }

    @Operation(
            operationId = "create_silence",
            summary = "Silence alerts",
            description =
                    "Of a rule, of a group of whichever rule, or of a group of a rule. What still holds when the silence ends fires then, if it is time to tell it (again).",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = SilenceBody.Fields.class))))
    @ApiResponse(
            responseCode = "201",
            description = "The silence",
            useReturnTypeSchema = true,
            headers =
                    @Header(
                            name = "Location",
                            description = "Where it is",
                            required = true,
                            schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidSilence")
    @PostMapping
    @KnownParameters({})
    ResponseEntity<Silence> create(@RequestBody(required = false) byte @Nullable [] json) {
        SilenceBody body = SilenceBody.parse(json, book.now());
        Silence silence = book.addSilence(body.rule(), body.group(), body.until(), body.comment());
        return ResponseEntity.created(URI.create("/api/v1/alerts/silences/" + silence.id()))
                .body(silence);
    }

    @Operation(operationId = "list_silences", summary = "List silences")
    @ApiResponse(
            responseCode = "200",
            description = "Those that haven't ended, the newest first",
            useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters({})
    List<Silence> list() {
        return book.silences();
    }

    @Operation(operationId = "delete_silence", summary = "End a silence")
    @ApiResponse(responseCode = "200", description = "The silence that was ended", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @DeleteMapping("/{id}")
    @KnownParameters({})
    Silence delete(@PathVariable("id") long id) {
        Silence silence = book.removeSilence(id);
        if (silence == null) {
            throw new NotFoundException("there is no silence " + id);
        }
        return silence;
    }
}
