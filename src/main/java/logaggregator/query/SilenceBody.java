package logaggregator.query;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.TreeSet;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.search.TimeText;
import org.jspecify.annotations.Nullable;

/** What a client says about a silence. */
record SilenceBody(@Nullable String rule, @Nullable String group, Instant until, String comment) {

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_COMMENT_LENGTH = 1_000;
    private static final Set<String> FIELDS = new TreeSet<>(Set.of("rule", "group", "until", "comment"));

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** For the description of the API. */
    @Schema(
            name = "NewSilence",
            additionalProperties = Schema.AdditionalPropertiesValue.FALSE,
            description = "`rule` or `group`, or both")
    interface Fields {
        @Schema(
                types = {"string", "null"},
                description = "Name of the rule",
                maxLength = MAX_NAME_LENGTH,
                example = "ERROR")
        @Nullable
        String getRule();

        @Schema(
                types = {"string", "null"},
                description = "Value of what rules group by",
                maxLength = MAX_NAME_LENGTH,
                example = "checkout")
        @Nullable
        String getGroup();

        @Schema(
                description = "When it ends: ISO-8601, or from now on (`+2h`; s, m, h, d, w)",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "+2h")
        String getUntil();

        @Schema(
                types = {"string", "null"},
                maxLength = MAX_COMMENT_LENGTH,
                example = "migration of the shop")
        @Nullable
        String getComment();
    }

    /** @throws InvalidBodyException when it isn't an object with the fields of a silence */
    static SilenceBody parse(byte @Nullable [] bytes, Instant now) {
        JsonNode body;
        try {
            body = JSON.readTree(bytes == null ? new byte[0] : bytes);
        } catch (IOException e) {
            throw new InvalidBodyException(400, "invalid_json", "the body is not JSON");
        }
        if (!body.isObject()) {
            throw new InvalidBodyException(
                    400,
                    "invalid_shape",
                    "the body must be a JSON object, e.g. {\"rule\":\"ERROR\",\"until\":\"+2h\"}");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw invalid("unknown field; known are " + FIELDS);
            }
        });
        String rule = text(body, "rule", MAX_NAME_LENGTH);
        String group = text(body, "group", MAX_NAME_LENGTH);
        if (rule == null && group == null) {
            throw invalid("rule or group is required");
        }
        String comment = text(body, "comment", MAX_COMMENT_LENGTH);
        return new SilenceBody(
                rule, group, until(text(body, "until", MAX_NAME_LENGTH), now), comment == null ? "" : comment);
    }

    private static Instant until(@Nullable String text, Instant now) {
        try {
            if (text != null && TimeText.parse(text, now).isAfter(now)) {
                return TimeText.parse(text, now);
            }
        } catch (DateTimeParseException e) {
            throw invalid("until must be " + TimeText.EXPECTED.replace("-15m", "+2h"));
        }
        throw invalid("until is required and must lie ahead");
    }

    private static @Nullable String text(JsonNode body, String field, int maxLength) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw invalid(field + " must be a string and not blank");
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
        return new InvalidBodyException(400, "invalid_silence", detail);
    }
}
