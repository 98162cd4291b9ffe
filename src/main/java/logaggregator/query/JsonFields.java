package logaggregator.query;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.SortedSet;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object that a client sends. Thread-safe. */
final class JsonFields {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode object;
    private final String code;

    private JsonFields(JsonNode object, String code) {
        this.object = object;
        this.code = code;
    }

    /**
     * Reads the body of a request.
     *
     * @param known the fields that there may be
     * @param example an object as it is expected
     * @param code machine-readable, of what is wrong with a field
     * @throws InvalidBodyException when it isn't an object with known fields
     */
    static JsonFields parse(byte @Nullable [] body, SortedSet<String> known, String example, String code) {
        JsonNode object;
        try {
            object = JSON.readTree(body == null ? new byte[0] : body);
        } catch (IOException e) {
            throw new InvalidBodyException(400, "invalid_json", "the body is not JSON");
        }
        if (!object.isObject()) {
            throw new InvalidBodyException(400, "invalid_shape", "the body must be a JSON object, e.g. " + example);
        }
        JsonFields fields = new JsonFields(object, code);
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw fields.invalid("unknown field; known are " + known);
            }
        });
        return fields;
    }

    boolean has(String field) {
        return object.has(field);
    }

    /** Null when it is missing, or null. */
    @Nullable
    JsonNode get(String field) {
        JsonNode value = object.path(field);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    /**
     * Text that can be stored; null when it is missing, or null.
     *
     * @param maxLength in characters
     */
    @Nullable
    String text(String field, int maxLength) {
        JsonNode value = get(field);
        if (value == null) {
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

    /** The field {@code name}, which must be there. */
    String name() {
        String name = text("name", IngestLimits.MAX_NAME_LENGTH);
        if (name == null || name.isBlank()) {
            throw invalid("name is required and must not be blank");
        }
        return name;
    }

    /**
     * A number from 0; null when it is missing, or null.
     *
     * @param zero what 0 means, for people
     */
    @Nullable
    Integer number(String field, String zero, int max) {
        JsonNode number = get(field);
        if (number == null) {
            return null;
        }
        if (!number.isIntegralNumber()
                || !number.canConvertToInt()
                || number.intValue() < 0
                || number.intValue() > max) {
            throw invalid(field + " must be an integer from 0 (" + zero + ") to " + max + ", or null");
        }
        return number.intValue();
    }

    InvalidBodyException invalid(String detail) {
        return new InvalidBodyException(400, code, detail);
    }
}
