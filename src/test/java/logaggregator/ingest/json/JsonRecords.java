package logaggregator.ingest.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import logaggregator.LogEntry;
import org.jspecify.annotations.Nullable;

/** Records for tests, as JSON text. */
public final class JsonRecords {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonRecords() {}

    /** A valid record with members changed, given as name, JSON value, name, …; a member whose value is null is left out. */
    public static String record(@Nullable String... changes) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("level", "\"INFO\"");
        members.put("message", "\"m\"");
        members.put("service", "\"s\"");
        members.put("app", "\"a\"");
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                members.remove(changes[i]);
            } else {
                members.put(changes[i], changes[i + 1]);
            }
        }
        return members.entrySet().stream()
                .map(member -> '"' + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    public static String recordSaying(String message) {
        return record("message", '"' + message + '"');
    }

    /** The metadata as text, or null. */
    public static @Nullable String metadata(LogEntry entry) {
        return entry.metadata() == null ? null : new String(entry.metadata(), UTF_8);
    }

    static @Nullable JsonNode metadataTree(LogEntry entry) {
        String metadata = metadata(entry);
        return metadata == null ? null : json(metadata);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }
}
