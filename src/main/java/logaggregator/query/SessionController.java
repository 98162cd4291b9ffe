package logaggregator.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import logaggregator.Problem;
import logaggregator.access.Access;
import logaggregator.access.Attempts;
import logaggregator.access.Scope;
import logaggregator.security.SessionCookies;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sessions of browsers: a key is traded for a cookie that no script can read. */
@RestController
@OnApiRole
@RequestMapping("/api/v1/session")
@Tag(name = "Keys")
class SessionController {

    private static final int MAX_KEY_LENGTH = 250;
    private static final SortedSet<String> FIELDS = new TreeSet<>(List.of("key"));

    private final SessionCookies cookies;

    SessionController(SessionCookies cookies) {
        this.cookies = cookies;
    }

    /** Who somebody is. */
    @Schema(name = "Session")
    record Session(
            @JsonProperty("key_required") @Schema(description = "Whether one needs a key here at all")
            boolean keyRequired,

            @JsonProperty("signed_in") @Schema(description = "Whether the request shows a valid key or session")
            boolean signedIn,

            @Schema(description = "Of the key", example = "shop producer") @Nullable
            String name,

            @Schema(description = "What the sender may do", example = "[\"read\"]")
            List<String> scopes,

            @Schema(description = "The only apps that the sender may see; null: all") @Nullable
            List<String> apps) {}

    /** For the description of the API. */
    @Schema(name = "SignIn", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    interface Fields {
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
        String getKey();
    }

    /** The key isn't one, or this isn't the way to show it. */
    static final class SignInRefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final SessionCookies.Outcome outcome;

        SignInRefusedException(SessionCookies.Outcome outcome) {
            super(outcome.name());
            this.outcome = outcome;
        }
    }

    @Operation(operationId = "get_session", summary = "Ask who one is", description = "Open to everybody.")
    @ApiResponse(responseCode = "200", description = "What the sender is known as", useReturnTypeSchema = true)
    @GetMapping
    @KnownParameters({})
    Session get(Access access) {
        List<String> scopes =
                access.scopes().stream().map(Scope::token).sorted().toList();
        List<String> apps =
                access.hasAllApps() ? null : access.apps().stream().sorted().toList();
        boolean signedIn = access.isSomebody();
        return new Session(cookies.areNeeded(), signedIn, signedIn ? access.name() : null, scopes, apps);
    }

    @Operation(
            operationId = "sign_in",
            summary = "Begin a session",
            description =
                    "For browsers: sets a cookie (HttpOnly, SameSite=Strict) that stands for the key for 12 hours, or until that is revoked.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/json",
                                            schema = @Schema(implementation = Fields.class))))
    @ApiResponse(responseCode = "204", description = "The cookie is set", content = @Content)
    @ApiResponse(responseCode = "401", ref = "#/components/responses/Unauthorized")
    @ApiResponse(responseCode = "403", ref = "#/components/responses/Forbidden")
    @PostMapping
    @KnownParameters({})
    ResponseEntity<Void> begin(
            @RequestBody(required = false) byte @Nullable [] json,
            HttpServletRequest request,
            HttpServletResponse response) {
        String key = JsonFields.parse(json, FIELDS, "{\"key\":\"la_…\"}", "invalid_session")
                .text("key", MAX_KEY_LENGTH);
        SessionCookies.Outcome outcome = cookies.begin(key, request, response);
        if (outcome != SessionCookies.Outcome.DONE) {
            throw new SignInRefusedException(outcome);
        }
        return ResponseEntity.noContent().build();
    }

    @Operation(
            operationId = "sign_out",
            summary = "End the session",
            description = "Takes the cookie away. Without a session nothing happens.")
    @ApiResponse(responseCode = "204", description = "There is no session any more", content = @Content)
    @DeleteMapping
    @KnownParameters({})
    ResponseEntity<Void> end(HttpServletRequest request, HttpServletResponse response) {
        cookies.end(request, response);
        return ResponseEntity.noContent().build();
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refuse(SignInRefusedException e) {
        return switch (e.outcome) {
            case TOO_MANY_ATTEMPTS ->
                ResponseEntity.status(429)
                        .header(HttpHeaders.RETRY_AFTER, "1")
                        .body(Problem.of(
                                429,
                                "too_many_attempts",
                                "more than " + Attempts.PER_SECOND + " attempts in a second without a valid key"));
            case FOREIGN_PAGE ->
                ResponseEntity.status(403).body(Problem.of(403, "forbidden", "sign in from a page of this service"));
            default ->
                ResponseEntity.status(401)
                        .header(HttpHeaders.WWW_AUTHENTICATE, Access.CHALLENGE)
                        .body(Problem.of(401, "unauthorized", "that is no valid key"));
        };
    }
}
