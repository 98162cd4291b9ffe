package logaggregator.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a notification channel is told: that a rule's condition holds, or that it no longer does.
 *
 * @param severity as the rule gives it, e.g. {@code critical}
 * @param count logs counted in the rule's interval
 * @param group the value of what the rule groups by, empty when it doesn't group
 * @param startedAt when the condition was first seen to hold
 * @param endedAt when it was seen to hold no longer, null while it holds
 * @param expiresAt the same or, while it holds, when it is over for who has heard nothing more
 * @param message one or more lines for people
 * @param link address of these logs in the log explorer, empty when the address of this service isn't set
 */
public record AlertNotice(
        String rule,
        String severity,
        long count,
        String group,
        Instant startedAt,
        @Nullable Instant endedAt,
        Instant expiresAt,
        String message,
        String link) {

    /** {@code firing} or {@code resolved}. */
    public String state() {
        return endedAt == null ? "firing" : "resolved";
    }

    /** The body that every channel route gets, the same for all and not to be changed; times as ISO-8601 text in UTC. */
    public Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("rule", rule);
        body.put("severity", severity);
        body.put("state", state());
        body.put("count", count);
        body.put("group", group);
        body.put("started_at", startedAt.toString());
        body.put("ended_at", endedAt == null ? null : endedAt.toString());
        body.put("expires_at", expiresAt.toString());
        body.put("message", message);
        body.put("link", link);
        return Collections.unmodifiableMap(body);
    }
}
