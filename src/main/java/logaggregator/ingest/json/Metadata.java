package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import logaggregator.ingest.json.RecordFields.UnknownField;
import org.jspecify.annotations.Nullable;

/** Puts the metadata of a record together: its own, its unknown fields and, when text had to be changed, a flag. */
final class Metadata {

    /** Name of the flag: true when a NUL or half a surrogate pair in the record was replaced by U+FFFD. */
    private static final String SANITIZED = "sanitized";

    private static final JsonFactory JSON = new JsonFactory();

    private Metadata() {}

    /**
     * Joins the parts.
     *
     * @param own a JSON object; its fields win over unknown fields of the same name
     * @return a JSON object, or null when there is nothing to keep
     */
    static byte @Nullable [] compose(byte @Nullable [] own, List<UnknownField> unknown, boolean textSanitized) {
        boolean sanitized = textSanitized || unknown.stream().anyMatch(field -> Utf8.isUnstorable(field.name()));
        boolean suspicious = mayBeUnstorable(own) || unknown.stream().anyMatch(field -> mayBeUnstorable(field.json()));
        if (unknown.isEmpty() && !suspicious && !sanitized) {
            return own;
        }
        byte[] joined = join(own, unknown);
        return suspicious || sanitized ? sanitize(joined, sanitized) : joined;
    }

    /** A NUL or half a surrogate pair can only be written as an escape: without one there is nothing to look for. */
    private static boolean mayBeUnstorable(byte @Nullable [] json) {
        if (json != null) {
            for (int i = 0; i + 1 < json.length; i++) {
                if (json[i] == '\\' && json[i + 1] == 'u') {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] join(byte @Nullable [] own, List<UnknownField> unknown) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        char separator = '{';
        for (UnknownField field : unknown) {
            joined.write(separator);
            joined.write('"');
            joined.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(Utf8.storable(field.name())));
            joined.write('"');
            joined.write(':');
            joined.writeBytes(field.json());
            separator = ',';
        }
        if (own != null && !isEmptyObject(own)) {
            joined.write(separator);
            joined.write(own, 1, own.length - 2);
        } else if (separator == '{') {
            joined.write('{');
        }
        joined.write('}');
        return joined.toByteArray();
    }

    private static boolean isEmptyObject(byte[] object) {
        for (int i = 1; i < object.length - 1; i++) {
            if (!Character.isWhitespace(object[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte[] sanitize(byte[] json, boolean alreadySanitized) {
        boolean sanitized = alreadySanitized;
        ByteArrayOutputStream result = new ByteArrayOutputStream(json.length);
        try (JsonParser parser = JSON.createParser(json);
                JsonGenerator generator = JSON.createGenerator(result)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                    sanitized |= Utf8.isUnstorable(parser.getText());
                    write(generator, token, Utf8.storable(parser.getText()));
                } else if (token.isNumeric()) {
                    generator.writeNumber(parser.getText());
                } else {
                    if (depth == 0 && sanitized) {
                        generator.writeBooleanField(SANITIZED, true);
                    }
                    generator.copyCurrentEvent(parser);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result.toByteArray();
    }

    private static void write(JsonGenerator generator, JsonToken token, String text) throws IOException {
        if (token == JsonToken.FIELD_NAME) {
            generator.writeFieldName(text);
        } else {
            generator.writeString(text);
        }
    }
}
