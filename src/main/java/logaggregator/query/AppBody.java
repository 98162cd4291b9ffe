package logaggregator.query;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import logaggregator.app.App;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** What a client says about an application. */
final class AppBody {

    private static final int MAX_DESCRIPTION_LENGTH = 255;
    private static final int MAX_RETENTION_DAYS = 36_500;
    private static final Set<String> FIELDS = new TreeSet<>(Set.of("name", "description", "retention_days"));

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode body;

    /** What a new application may have, for the description of the API. */
    @Schema(name = "NewApp", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    interface Fields extends Changes {
        @Schema(
                minLength = 1,
                maxLength = IngestLimits.MAX_NAME_LENGTH,
                example = "demo",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String getName();
    }

    /** What of an application may be changed, for the description of the API. */
    @Schema(name = "AppChanges", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
    interface Changes {
        @Schema(
                types = {"string", "null"},
                maxLength = MAX_DESCRIPTION_LENGTH,
                example = "Demo app")
        @Nullable
        String getDescription();

        @Schema(
                name = "retention_days",
                types = {"integer", "null"},
                minimum = "0",
                maximum = "" + MAX_RETENTION_DAYS,
                description = "0: for ever; null: as long as those of others",
                example = "30")
        @Nullable
        Integer getRetentionDays();
    }

    private AppBody(JsonNode body) {
        this.body = body;
    }

    /** @throws InvalidBodyException when it isn't an object with the fields of an application */
    static AppBody parse(byte @Nullable [] bytes) {
        JsonNode body;
        try {
            body = JSON.readTree(bytes == null ? new byte[0] : bytes);
        } catch (IOException e) {
            throw new InvalidBodyException(400, "invalid_json", "the body is not JSON");
        }
        if (!body.isObject()) {
            throw new InvalidBodyException(
                    400, "invalid_shape", "the body must be a JSON object, e.g. {\"name\":\"demo\"}");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw invalid("unknown field; known are " + FIELDS);
            }
        });
        return new AppBody(body);
    }

    String name() {
        String name = text("name", IngestLimits.MAX_NAME_LENGTH);
        if (name == null || name.isBlank()) {
            throw invalid("name is required and must not be blank");
        }
        return name;
    }

    @Nullable
    String description() {
        return text("description", MAX_DESCRIPTION_LENGTH);
    }

    @Nullable
    Integer retentionDays() {
        JsonNode days = body.path("retention_days");
        if (days.isMissingNode() || days.isNull()) {
            return null;
        }
        if (!days.canConvertToInt()
                || !days.isIntegralNumber()
                || days.intValue() < 0
                || days.intValue() > MAX_RETENTION_DAYS) {
            throw invalid("retention_days must be an integer from 0 (for ever) to " + MAX_RETENTION_DAYS + ", or null");
        }
        return days.intValue();
    }

    /** The application with what the body says; what it doesn't name stays. */
    App change(App app) {
        if (body.has("name") && !name().equals(app.name())) {
            throw invalid("name can't be changed: the logs bear it");
        }
        return new App(
                app.id(),
                app.name(),
                body.has("description") ? description() : app.description(),
                body.has("retention_days") ? retentionDays() : app.retentionDays());
    }

    private @Nullable String text(String field, int maxLength) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(field + " must be a string");
        }
        String text = value.textValue();
        if (text.codePointCount(0, text.length()) > maxLength) {
            throw invalid(field + " is longer than " + maxLength + " characters");
        }
        if (text.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE)) {
            throw invalid(field + " must not hold NUL or half a surrogate pair");
        }
        return text;
    }

    private static InvalidBodyException invalid(String detail) {
        return new InvalidBodyException(400, "invalid_app", detail);
    }
}
