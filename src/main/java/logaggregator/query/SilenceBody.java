package logaggregator.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.search.TimeText;
import org.jspecify.annotations.Nullable;

/** What a client says about a silence. */
record SilenceBody(@Nullable String rule, @Nullable String group, Instant until, String comment) {

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_COMMENT_LENGTH = 1_000;
    private static final SortedSet<String> FIELDS = new TreeSet<>(Set.of("rule", "group", "until", "comment"));

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
        JsonFields body = JsonFields.parse(bytes, FIELDS, "{\"rule\":\"ERROR\",\"until\":\"+2h\"}", "invalid_silence");
        String rule = text(body, "rule", MAX_NAME_LENGTH);
        String group = text(body, "group", MAX_NAME_LENGTH);
        if (rule == null && group == null) {
            throw body.invalid("rule or group is required");
        }
        String comment = text(body, "comment", MAX_COMMENT_LENGTH);
        return new SilenceBody(rule, group, until(body, now), comment == null ? "" : comment);
    }

    private static Instant until(JsonFields body, Instant now) {
        String text = text(body, "until", MAX_NAME_LENGTH);
        try {
            if (text != null && TimeText.parse(text, now).isAfter(now)) {
                return TimeText.parse(text, now);
            }
        } catch (DateTimeParseException e) {
            throw body.invalid("until must be " + TimeText.EXPECTED.replace("-15m", "+2h"));
        }
        throw body.invalid("until is required and must lie ahead");
    }

    private static @Nullable String text(JsonFields body, String field, int maxLength) {
        JsonNode value = body.get(field);
        if (value != null && (!value.isTextual() || value.textValue().isBlank())) {
            throw body.invalid(field + " must be a string and not blank");
        }
        return body.text(field, maxLength);
    }
}
