package logaggregator.ingest.json;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Says what is wrong with JSON text without repeating the text, which may be anything and of any length. */
final class JsonErrors {

    private static final int MAX_LENGTH = 200;

    private JsonErrors() {}

    /** @param offset where in the client's body the parser began */
    static String describe(JsonProcessingException error, int offset) {
        String detail = error.getOriginalMessage().replaceAll("\\p{Cntrl}", " ");
        return "not valid JSON at byte "
                + (offset + Math.max(0, error.getLocation().getByteOffset())) + ": "
                + detail.substring(0, Math.min(MAX_LENGTH, detail.length()));
    }
}
