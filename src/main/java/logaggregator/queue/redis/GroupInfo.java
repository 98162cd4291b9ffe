package logaggregator.queue.redis;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One group as XINFO GROUPS tells it: a flat list of names and values. */
record GroupInfo(String name, long pending, String lastDelivered) {

    static GroupInfo of(Object reply) {
        List<?> flat = (List<?>) reply;
        Map<String, Object> fields = new HashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            fields.put(text(flat.get(i)), flat.get(i + 1));
        }
        Object pending = fields.getOrDefault("pending", 0L);
        return new GroupInfo(
                text(fields.getOrDefault("name", "")),
                ((Number) pending).longValue(),
                text(fields.getOrDefault("last-delivered-id", "0-0")));
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
