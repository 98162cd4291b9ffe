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
 * @param owedUntil until when it is still said that it held, though it is over before anybody could be told; else null
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
        @Nullable Instant firedAt,
        @Nullable Instant owedUntil) {

    /** How long after its end an alert is news. */
    private static final Duration NEWS_FOR = Duration.ofHours(1);

    /** By then all processes have read a file that has changed. */
    private static final Duration REMOVED_AFTER = Duration.ofMinutes(1);

    static AlertState begin(AlertRule rule, String group, long count, Instant now) {
        return new AlertState(
                rule.name(), group, rule.severity(), rule.channels(), count, now, null, null, false, null, null);
    }

    /** What it is when its condition holds. */
    AlertState holding(AlertRule its, long counted, Instant now) {
        // as long as nobody was told of the end it goes on, and as what it was told
        boolean goesOn = endedAt == null || told || isOwed(now);
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
                firedAt,
                null);
    }

    /**
     * What it is when its condition doesn't hold: what is over stays as it ended, but for the number of logs of what was
     * told late.
     *
     * @param owed whether somebody was to be told of it, and couldn't be
     */
    AlertState over(long counted, Instant now, boolean owed) {
        if (endedAt == null) {
            return over(owed ? count : counted, now, owed ? now.plus(NEWS_FOR) : null);
        }
        return told && owedUntil != null ? over(counted, endedAt, owedUntil) : this;
    }

    private AlertState over(long counted, Instant end, @Nullable Instant tellUntil) {
        return new AlertState(
                rule, group, severity, channels, counted, startedAt, end, missingSince, told, firedAt, tellUntil);
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
        return missingSince.plus(REMOVED_AFTER).isAfter(now) ? this : over(0, now, false);
    }

    AlertState withRule() {
        return missingSince == null ? this : missingSince(null);
    }

    private AlertState missingSince(@Nullable Instant since) {
        return new AlertState(
                rule, group, severity, channels, count, startedAt, endedAt, since, told, firedAt, owedUntil);
    }

    /** Whether it is time to say (again) that it holds; also when the clock was set back since it was said. */
    boolean isDue(AlertRule rule, Instant now) {
        return endedAt == null
                && (firedAt == null
                        || firedAt.isAfter(now)
                        || !now.isBefore(firedAt.plusSeconds(told ? rule.repeatEvery() : rule.interval())));
    }

    /** Whether it is over, and still to be said that it held: not once that was said after the end. */
    boolean isOwed(Instant now) {
        return endedAt != null
                && !told
                && owedUntil != null
                && now.isBefore(owedUntil)
                && (firedAt == null || firedAt.isBefore(endedAt));
    }

    /** Whether it is time to say that it is over. */
    boolean isOver() {
        return endedAt != null && told;
    }

    /** Whether it has been over for so long, and its beginning told for so long, that nobody needs to hear of the end. */
    boolean isStale(Instant now) {
        Instant end = owedUntil != null ? owedUntil : endedAt;
        return end != null && !now.isBefore(end.plus(NEWS_FOR));
    }
}
