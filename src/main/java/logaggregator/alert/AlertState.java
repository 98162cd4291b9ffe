package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one alert, which all processes share.
 *
 * @param group value of what the rule groups by; empty when it doesn't
 * @param count logs counted last
 * @param startedAt when the condition was first seen to hold
 * @param endedAt when it was seen to hold no longer; null while it holds
 * @param told whether a channel was told that it holds, and none that it has ended
 * @param firedAt when a channel was last told that it holds
 */
public record AlertState(
        String rule,
        String group,
        String severity,
        List<String> channels,
        long count,
        Instant startedAt,
        @Nullable Instant endedAt,
        boolean told,
        @Nullable Instant firedAt) {

    /** What it is after an evaluation; null when there is nothing to be known. */
    static @Nullable AlertState next(
            @Nullable AlertState before, AlertRule rule, String group, long count, boolean holds, Instant now) {
        if (before == null) {
            return holds
                    ? new AlertState(
                            rule.name(), group, rule.severity(), rule.channels(), count, now, null, false, null)
                    : null;
        }
        if (!holds) {
            Instant ended = before.endedAt == null ? now : before.endedAt;
            // what is over stays as it ended
            long last = before.endedAt == null ? count : before.count;
            return new AlertState(
                    before.rule,
                    group,
                    before.severity,
                    before.channels,
                    last,
                    before.startedAt,
                    ended,
                    before.told,
                    before.firedAt);
        }
        // as long as nobody was told of the end it goes on
        boolean goesOn = before.endedAt == null || before.told;
        return new AlertState(
                rule.name(),
                group,
                rule.severity(),
                rule.channels(),
                count,
                goesOn ? before.startedAt : now,
                null,
                before.told,
                before.firedAt);
    }

    private static final Duration OWED_FOR = Duration.ofHours(1);

    /** Whether it was time to say that it holds when it was evaluated before, and nobody could be told yet. */
    boolean isOwed(AlertRule rule, Measured measured) {
        return !told
                && isDue(rule, measured.before())
                && startedAt.plus(OWED_FOR).isAfter(measured.at());
    }

    /** Whether it is time to say (again) that it holds. */
    boolean isDue(AlertRule rule, Instant now) {
        return endedAt == null
                && (firedAt == null || !now.isBefore(firedAt.plusSeconds(told ? rule.repeatEvery() : rule.interval())));
    }

    /** Whether it is time to say that it is over. */
    boolean isOver() {
        return endedAt != null && told;
    }
}
