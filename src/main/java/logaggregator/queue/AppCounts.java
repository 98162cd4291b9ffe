package logaggregator.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers of records by account, as an entry carries them: a JSON object. */
final class AppCounts {

    /** Keeps no names: another producer may make them up. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    /** A name of an app, in UTF-16, and what {@link logaggregator.LogEntry#account()} may put in front of it. */
    private static final int MAX_ACCOUNT_LENGTH = 201;

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
            return counts != null && counts.entrySet().stream().allMatch(AppCounts::isValid) ? counts : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean isValid(Map.Entry<String, Integer> count) {
        String account = count.getKey();
        return count.getValue() != null
                && count.getValue() >= 0
                && account.length() <= MAX_ACCOUNT_LENGTH
                && account.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c) && !isPaired(account));
    }

    private static boolean isPaired(String text) {
        return StandardCharsets.UTF_16.newEncoder().canEncode(text);
    }
}
