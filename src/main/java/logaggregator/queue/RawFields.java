package logaggregator.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** Shows an entry that isn't one of ours as JSON, so that a dead letter keeps all of it. */
final class RawFields {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RawFields() {}

    static byte[] toJson(Map<String, byte[]> fields) {
        Map<String, String> readable = new TreeMap<>();
        fields.forEach((name, value) -> readable.put(name, new String(value, UTF_8)));
        try {
            return JSON.writeValueAsBytes(readable);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }
}
