package logaggregator.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import logaggregator.access.KeyBook.NewKey;
import logaggregator.access.Scope;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** What a client says about a key that it wants. */
final class KeyBody {

    private static final int MAX_APPS = 100;
    private static final int MAX_PER_MINUTE = 1_000_000_000;
    private static final SortedSet<String> FIELDS =
            new TreeSet<>(Set.of("name", "scopes", "apps", "logs_per_minute", "expires_at"));

    private final JsonFields body;

    /** For the description of the API. */
    @Schema(name = "NewKey", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    interface Fields {
        @Schema(
                minLength = 1,
                maxLength = IngestLimits.MAX_NAME_LENGTH,
                description = "For people",
                example = "shop producer",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String getName();

        @ArraySchema(
                minItems = 1,
                uniqueItems = true,
                schema = @Schema(allowableValues = {"ingest", "read", "admin"}),
                arraySchema =
                        @Schema(
                                description = "`admin` may do everything, for all apps",
                                example = "[\"ingest\"]",
                                requiredMode = Schema.RequiredMode.REQUIRED))
        List<String> getScopes();

        @ArraySchema(
                minItems = 1,
                maxItems = MAX_APPS,
                schema = @Schema(type = "string"),
                arraySchema =
                        @Schema(
                                types = {"array", "null"},
                                description = "The only apps that it may write to and read; null: all",
                                example = "[\"shop\"]"))
        @Nullable
        List<String> getApps();

        @Schema(
                name = "logs_per_minute",
                types = {"integer", "null"},
                minimum = "0",
                maximum = "" + MAX_PER_MINUTE,
                description = "null: `RATE_LIMIT_PER_KEY`; 0: any number",
                example = "1000")
        @Nullable
        Integer getLogsPerMinute();

        @Schema(
                name = "expires_at",
                types = {"string", "null"},
                format = "date-time",
                description = "Until when it can be used; null: until it is revoked")
        @Nullable
        String getExpiresAt();
    }

    private KeyBody(JsonFields body) {
        this.body = body;
    }

    /** @throws InvalidBodyException when it doesn't describe a key */
    static NewKey parse(byte @Nullable [] bytes, Instant now) {
        KeyBody key = new KeyBody(
                JsonFields.parse(bytes, FIELDS, "{\"name\":\"shop producer\",\"scopes\":[\"ingest\"]}", "invalid_key"));
        Set<Scope> scopes = key.scopes();
        Set<String> apps = key.apps();
        if (apps != null && scopes.contains(Scope.ADMIN)) {
            throw key.body.invalid("a key with the scope admin is for all apps");
        }
        return new NewKey(
                key.body.name(),
                scopes,
                apps,
                key.body.number("logs_per_minute", "any number", MAX_PER_MINUTE),
                key.expiresAt(now));
    }

    private Set<Scope> scopes() {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Set<String> names = texts("scopes");
        for (String name : names == null ? Set.<String>of() : names) {
            scopes.add(Scope.of(name).orElseThrow(() -> body.invalid("scopes may be ingest, read and admin")));
        }
        if (scopes.isEmpty()) {
            throw body.invalid("scopes is required: some of ingest, read and admin");
        }
        return scopes;
    }

    private @Nullable Set<String> apps() {
        Set<String> apps = texts("apps");
        if (apps != null && (apps.isEmpty() || apps.size() > MAX_APPS)) {
            throw body.invalid("apps must hold 1 to " + MAX_APPS + " names, or be null");
        }
        return apps;
    }

    private @Nullable Set<String> texts(String field) {
        JsonNode value = body.get(field);
        if (value == null) {
            return null;
        }
        Set<String> texts = new LinkedHashSet<>();
        if (value.isArray()) {
            value.forEach(text -> texts.add(text.isTextual() ? text.textValue() : ""));
        }
        if (!value.isArray() || texts.contains("")) {
            throw body.invalid(field + " must be an array of strings");
        }
        return texts;
    }

    private @Nullable Instant expiresAt(Instant now) {
        String text = body.text("expires_at", IngestLimits.MAX_NAME_LENGTH);
        try {
            Instant time = text == null ? null : OffsetDateTime.parse(text).toInstant();
            if (time != null && !time.isAfter(now)) {
                throw body.invalid("expires_at must be in the future");
            }
            return time;
        } catch (DateTimeParseException e) {
            throw body.invalid("expires_at must be an ISO-8601 time with a zone, e.g. 2030-01-31T12:00:00Z");
        }
    }
}
