package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.regex.Pattern;
import logaggregator.ingest.IngestLimits;

/** Says what is wrong with JSON text without repeating the text, which may be anything and of any length. */
final class JsonErrors {

    private static final int MAX_LENGTH = 200;

    /** More than one character in quotes: the parser quotes from the text. */
    private static final Pattern QUOTATION = Pattern.compile("'[^']{2,}'|\"[^\"]{2,}\"");

    private JsonErrors() {}

    /** A machine-readable reason. */
    static String reason(JsonProcessingException error) {
        if (!(error instanceof StreamConstraintsException)) {
            return "invalid_json";
        }
        String limit = error.getOriginalMessage();
        if (limit.contains("nesting depth")) {
            return "too_deep";
        }
        if (limit.contains("Name length")) {
            return "metadata_too_large"; // the fields that have a column have short names
        }
        return limit.contains("Number") ? "number_too_long" : "too_long";
    }

    /** @param offset where in the client's body the parser began */
    static String describe(JsonProcessingException error, int offset) {
        JsonLocation location = error.getLocation();
        String where = location == null ? "" : " at byte " + (offset + Math.max(0, location.getByteOffset()));
        if (error instanceof StreamConstraintsException) {
            return "beyond the limits" + where + ": " + limit(reason(error));
        }
        String what =
                QUOTATION.matcher(error.getOriginalMessage()).replaceAll("'…'").replaceAll("\\p{Cntrl}", " ");
        return "not valid JSON" + where + ": " + what.substring(0, Math.min(MAX_LENGTH, what.length()));
    }

    /** The parser would tell of its classes, and of limits of its own beyond those of a record. */
    private static String limit(String reason) {
        return switch (reason) {
            case "too_deep" -> "nested deeper than " + RecordReader.MAX_DEPTH + " levels";
            case "metadata_too_large" -> "a name of more than " + IngestLimits.MAX_METADATA_KEY_LENGTH + " characters";
            case "number_too_long" -> "a number of more than " + JsonRecordDecoder.MAX_DIGITS + " digits";
            default -> "a record of more than " + IngestLimits.MAX_RECORD_BYTES + " bytes";
        };
    }
}
