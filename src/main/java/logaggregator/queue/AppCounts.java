package logaggregator.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers of records by account, as an entry carries them: a JSON object. */
final class AppCounts {

    /** Keeps no names: another producer may make them up. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    private static final TypeReference<Map<String, Integer>> TYPE = new TypeReference<>() {};

    private AppCounts() {}

    static byte[] toJson(Map<String, Integer> counts) {
        try {
            return JSON.writeValueAsBytes(counts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of numbers is always JSON", e);
        }
    }

    /** Returns null when {@code json} isn't what {@link #toJson} writes. */
    static @Nullable Map<String, Integer> parse(byte[] json) {
        try {
            Map<String, Integer> counts = JSON.readValue(json, TYPE);
            boolean valid = counts != null && counts.values().stream().allMatch(count -> count != null && count >= 0);
            return valid ? counts : null;
        } catch (IOException e) {
            return null;
        }
    }
}
