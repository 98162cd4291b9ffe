package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.util.List;
import logaggregator.ingest.json.RecordFields.UnknownField;
import org.jspecify.annotations.Nullable;

/** Puts the metadata of a record together: its unknown fields, its own and, when text had to be changed, a flag. */
final class Metadata {

    /** True when a NUL or half a surrogate pair in the record was replaced by U+FFFD. */
    private static final byte[] SANITIZED = "\"sanitized\":true".getBytes(US_ASCII);

    private Metadata() {}

    /**
     * Joins the parts. Of a name that occurs twice PostgreSQL keeps the last.
     *
     * @param own a JSON object; its fields win over unknown fields of the same name
     * @return a JSON object, or null when there is nothing to keep
     */
    static byte @Nullable [] compose(byte @Nullable [] own, List<UnknownField> unknown, boolean sanitized) {
        if (unknown.isEmpty() && !sanitized) {
            return own;
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (UnknownField field : unknown) {
            joined.write(joined.size() == 0 ? '{' : ',');
            joined.write('"');
            joined.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(field.name()));
            joined.write('"');
            joined.write(':');
            joined.writeBytes(field.json());
        }
        if (own != null && !isEmptyObject(own)) {
            joined.write(joined.size() == 0 ? '{' : ',');
            joined.write(own, 1, own.length - 2);
        }
        if (sanitized) {
            joined.write(joined.size() == 0 ? '{' : ',');
            joined.writeBytes(SANITIZED);
        }
        joined.write('}');
        return joined.toByteArray();
    }

    private static boolean isEmptyObject(byte[] object) {
        return Lines.skipBlanks(object, 1, object.length) == object.length - 1;
    }
}
