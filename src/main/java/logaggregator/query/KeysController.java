package logaggregator.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import logaggregator.access.ApiKey;
import logaggregator.access.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Keys of the database: make, list, revoke. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/keys")
@Tag(name = "Keys")
class KeysController {

    private final ApiKeys keys;
    private final Clock clock;

    KeysController(ApiKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * A key as it is shown once.
     *
     * @param key the key itself
     */
    @Schema(name = "CreatedKey", description = "A key with its secret")
    record Created(
            @Schema(example = "7") long id,
            @Schema(example = "shop producer") String name,

            @Schema(description = "The key itself, which is shown this once and kept nowhere")
            String key,

            @Schema(description = "How the key begins", example = "la_3kTm9xQa")
            String prefix,

            @Schema(example = "[\"ingest\"]") List<String> scopes,

            @Schema(description = "The only apps that it may write to and read; null: all", example = "[\"shop\"]")
            @Nullable
            List<String> apps,

            @JsonProperty("logs_per_minute")
            @Schema(description = "null: `RATE_LIMIT_PER_KEY`; 0: any number", example = "1000")
            @Nullable
            Integer logsPerMinute,

            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("expires_at") @Nullable Instant expiresAt) {

        static Created of(ApiKeys.Created created) {
            ApiKey key = created.key();
            return new Created(
                    key.id(),
                    key.name(),
                    created.text(),
                    key.prefix(),
                    key.scopes(),
                    key.apps(),
                    key.logsPerMinute(),
                    key.createdAt(),
                    key.expiresAt());
        }
    }

    @Operation(
            operationId = "create_key",
            summary = "Make a key",
            description = "The answer shows it, once. With the first key, nobody gets in without one any more.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = KeyBody.Fields.class))))
    @ApiResponse(
            responseCode = "201",
            description = "The key",
            useReturnTypeSchema = true,
            headers =
                    @Header(
                            name = "Location",
                            description = "Where it is",
                            required = true,
                            schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidKey")
    @PostMapping
    @KnownParameters({})
    ResponseEntity<Created> create(@RequestBody(required = false) byte @Nullable [] json) {
        ApiKeys.Created created = keys.create(KeyBody.parse(json, clock.instant()));
        return ResponseEntity.created(URI.create("/api/v1/keys/" + created.key().id()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(Created.of(created));
    }

    @Operation(
            operationId = "list_keys",
            summary = "List keys",
            description =
                    "Those of the database, revoked ones too, the newest first. Those of the settings aren't among them.")
    @ApiResponse(responseCode = "200", description = "The keys", useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters({})
    List<ApiKey> list() {
        return keys.list();
    }

    @Operation(operationId = "get_key", summary = "Get a key")
    @ApiResponse(responseCode = "200", description = "The key", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @GetMapping("/{id}")
    @KnownParameters({})
    ApiKey one(@PathVariable("id") long id) {
        return keys.list().stream().filter(key -> key.id() == id).findFirst().orElseThrow(() -> notFound(id));
    }

    @Operation(
            operationId = "revoke_key",
            summary = "Revoke a key",
            description =
                    "It, and sessions that began with it, can't be used any more: at this process at once, at others within seconds.")
    @ApiResponse(responseCode = "200", description = "The revoked key", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", ref = "#/components/responses/NotFound")
    @DeleteMapping("/{id}")
    @KnownParameters({})
    ApiKey revoke(@PathVariable("id") long id) {
        ApiKey revoked = keys.revoke(id);
        if (revoked == null) {
            throw notFound(id);
        }
        return revoked;
    }

    private static NotFoundException notFound(long id) {
        return new NotFoundException("there is no key " + id);
    }
}
