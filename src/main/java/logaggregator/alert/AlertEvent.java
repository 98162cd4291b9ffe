package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to be told: an alert fires, or is over.
 *
 * @param endedAt null when it fires
 * @param reach for how many seconds to look back for the logs that it is about
 * @param at when it was evaluated, by the clock of the database
 */
public record AlertEvent(
        AlertRule rule,
        String group,
        long count,
        Instant startedAt,
        @Nullable Instant endedAt,
        int reach,
        Instant at) {

    /** What was not told again in time may be late. */
    private static final Duration EXPIRES_AFTER = Duration.ofDays(1);

    /** When it is over for who hears nothing more: never before it is told again. */
    Instant expiresAt() {
        return endedAt != null ? endedAt : at.plusSeconds(rule.repeatEvery()).plus(EXPIRES_AFTER);
    }

    /** Whether it fires; else it is over. */
    public boolean isFiring() {
        return endedAt == null;
    }

    /** Of the alert, the same for firing and end: {@code rule} or {@code rule:group}. */
    String key() {
        return rule.groupBy() == null && group.isEmpty()
                ? escape(rule.name())
                : escape(rule.name()) + ":" + escape(group);
    }

    private static String escape(String part) {
        return part.replace("%", "%25").replace(":", "%3A");
    }
}
