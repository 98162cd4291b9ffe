package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one alert, which all processes share.
 *
 * @param group value of what the rule groups by; empty when it doesn't
 * @param severity as its rule said when it began
 * @param channels of its rule, also those that the rule names no longer; empty for all
 * @param count logs counted last
 * @param startedAt when the condition was first seen to hold
 * @param endedAt when it was seen to hold no longer; null while it holds
 * @param missingSince since when its rule is not among those of who evaluates
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
        @Nullable Instant missingSince,
        boolean told,
        @Nullable Instant firedAt) {

    private static final Duration OWED_FOR = Duration.ofHours(1);

    /** By then all processes have read a file that has changed. */
    private static final Duration REMOVED_AFTER = Duration.ofMinutes(1);

    /** What it is after an evaluation; null when there is nothing to be known. */
    static @Nullable AlertState next(
            @Nullable AlertState before, AlertRule rule, String group, long count, boolean holds, Instant now) {
        if (before == null) {
            return holds
                    ? new AlertState(
                            rule.name(), group, rule.severity(), rule.channels(), count, now, null, null, false, null)
                    : null;
        }
        return holds ? before.holding(rule, count, now) : before.over(count, now);
    }

    private AlertState holding(AlertRule its, long counted, Instant now) {
        // as long as nobody was told of the end it goes on, and as what it was told
        boolean goesOn = endedAt == null || told;
        return new AlertState(
                rule,
                group,
                goesOn ? severity : its.severity(),
                told ? union(channels, its.channels()) : its.channels(),
                counted,
                goesOn ? startedAt : now,
                null,
                null,
                told,
                firedAt);
    }

    /** What is over stays as it ended. */
    private AlertState over(long counted, Instant now) {
        return endedAt != null
                ? this
                : new AlertState(rule, group, severity, channels, counted, startedAt, now, missingSince, told, firedAt);
    }

    /** Whoever heard of it is to hear that it is over. */
    private static List<String> union(List<String> some, List<String> others) {
        return some.isEmpty() || others.isEmpty()
                ? List.of()
                : Stream.concat(some.stream(), others.stream()).distinct().toList();
    }

    /** What it is after an evaluation of which its rule was no part. */
    AlertState withoutRule(Instant now) {
        if (missingSince == null) {
            return missingSince(now);
        }
        return missingSince.plus(REMOVED_AFTER).isAfter(now) ? this : over(0, now);
    }

    AlertState withRule() {
        return missingSince == null ? this : missingSince(null);
    }

    private AlertState missingSince(@Nullable Instant since) {
        return new AlertState(rule, group, severity, channels, count, startedAt, endedAt, since, told, firedAt);
    }

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
