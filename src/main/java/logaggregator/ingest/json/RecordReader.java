package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import logaggregator.ingest.IngestLimits;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object into {@link RecordFields} in one pass, without a tree: what goes into the metadata is cut out of
 * the source as it stands. Of a key that appears twice the last value counts, as in PostgreSQL's jsonb. Used by one
 * thread for one source.
 */
final class RecordReader {

    /** Deepest nesting of a value inside a record. */
    static final int MAX_DEPTH = 64;

    /** PostgreSQL writes numbers out in full: {@code 1e131071} would become 131,072 digits. */
    private static final int MAX_EXPONENT = 308;

    /** In the metadata: what the producer calls the record, so that it is stored once. */
    private static final String IDEMPOTENCY_KEY = "idempotency_key";

    private final JsonParser parser;
    private final byte[] source;
    private final int offset;
    private @Nullable String field;

    /**
     * @param source what the parser reads
     * @param offset where in {@code source} it began
     */
    RecordReader(JsonParser parser, byte[] source, int offset) {
        this.parser = parser;
        this.source = source;
        this.offset = offset;
    }

    /**
     * Reads from the current START_OBJECT up to its END_OBJECT.
     *
     * @throws UnreadableRecordException when the parser has reached one of its limits and can't go on
     */
    RecordFields read() throws IOException, UnreadableRecordException {
        field = null;
        try {
            return readFields();
        } catch (StreamConstraintsException e) {
            throw new UnreadableRecordException(JsonErrors.reason(e), field, JsonErrors.describe(e, offset));
        }
    }

    private RecordFields readFields() throws IOException {
        RecordFields fields = new RecordFields();
        int start = tokenStart();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            field = name;
            parser.nextToken();
            switch (name) {
                case "level" -> fields.level = text(name, fields);
                case "message" -> fields.message = text(name, fields);
                case "service" -> fields.service = text(name, fields);
                case "app" -> fields.app = isNull() ? null : text(name, fields);
                case "app_id" -> readAppId(fields);
                case "timestamp" -> readTimestamp(fields);
                case "metadata", "metadata_" -> readMetadata(name, fields);
                default -> {
                    fields.countKey(name);
                    fields.unknown.add(new RecordFields.UnknownField(name, slice(fields)));
                }
            }
        }
        if (tokenEnd() - start > IngestLimits.MAX_RECORD_BYTES) {
            fields.reject(RecordFields.recordTooLong());
        }
        return fields;
    }

    /** Moves to the next token; returns whether an object begins there, at {@code from} in the source. */
    boolean startsObject(int from) throws IOException {
        return parser.nextToken() == JsonToken.START_OBJECT && tokenStart() == from;
    }

    void close() throws IOException {
        parser.close();
    }

    int tokenStart() {
        return offset + (int) parser.currentTokenLocation().getByteOffset();
    }

    int tokenEnd() {
        return offset + (int) parser.currentLocation().getByteOffset();
    }

    private boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    private String text(String field, RecordFields fields) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        rejectType(field, "a string", fields);
        return "";
    }

    private void readAppId(RecordFields fields) throws IOException {
        fields.appId = null;
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            fields.appId = parser.getDecimalValue();
        } else if (!isNull()) {
            rejectType("app_id", "a positive integer", fields);
        }
    }

    private void readTimestamp(RecordFields fields) throws IOException {
        fields.timestampText = null;
        fields.timestampNumber = null;
        switch (parser.currentToken()) {
            case VALUE_STRING -> fields.timestampText = parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                if (exponent() <= MAX_EXPONENT) {
                    fields.timestampNumber = parser.getDecimalValue();
                } else {
                    rejectNumber("timestamp", fields);
                }
            }
            case VALUE_NULL -> {}
            default -> rejectType("timestamp", "a string or a number", fields);
        }
    }

    private void readMetadata(String field, RecordFields fields) throws IOException {
        fields.metadata = null;
        fields.idempotencyKey = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            fields.metadata = slice(fields, text -> fields.idempotencyKey = text);
        } else if (!isNull()) {
            rejectType(field, "an object", fields);
        }
    }

    private void rejectType(String field, String expected, RecordFields fields) throws IOException {
        fields.reject("invalid_type", field, field + " must be " + expected);
        parser.skipChildren();
    }

    private byte[] slice(RecordFields fields) throws IOException {
        return slice(fields, idempotencyKey -> {});
    }

    /** Checks the current value and cuts it out of the source. */
    private byte[] slice(RecordFields fields, Consumer<String> idempotencyKey) throws IOException {
        String name = parser.currentName();
        int start = tokenStart();
        int depth = 0;
        for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.FIELD_NAME) {
                fields.countKey(parser.currentName());
            } else if (token.isNumeric()) {
                int exponent = exponent();
                if (exponent > MAX_EXPONENT) {
                    rejectNumber(name, fields);
                }
                fields.countZeros(exponent);
            } else if (depth == 1 && token == JsonToken.VALUE_STRING && IDEMPOTENCY_KEY.equals(parser.currentName())) {
                idempotencyKey.accept(parser.getText());
            }
            if (depth > MAX_DEPTH) {
                fields.reject("too_deep", name, name + " is nested deeper than " + MAX_DEPTH + " levels");
            }
            if (depth == 0) {
                break;
            }
        }
        parser.finishToken();
        return Arrays.copyOfRange(source, start, tokenEnd());
    }

    private static void rejectNumber(String name, RecordFields fields) {
        fields.reject("number_out_of_range", name, name + " holds a number beyond 1e±" + MAX_EXPONENT);
    }

    /** By how many places the current number moves its point, to either side; beyond any limit when by very many. */
    private int exponent() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            return 0;
        }
        String number = parser.getText();
        int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (exponent < 0) {
            return 0;
        }
        String places = number.substring(exponent + 1);
        return places.length() > 5 ? Integer.MAX_VALUE : Math.abs(Integer.parseInt(places));
    }
}
