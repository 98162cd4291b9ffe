package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.alert.Measured.Measure;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Part;
import logaggregator.store.RecentLogs.Source;
import org.jspecify.annotations.Nullable;

/**
 * What was stored while nobody evaluated: a rule would see only what is in the interval at the end of that pause, not the stretches
 * as long that ended before.
 *
 * @param before when the rules were evaluated last
 * @param parts what was stored since, and for some time before
 */
record Missed(Instant before, Instant now, List<Part<Source>> parts) {

    /** From one evaluation to the next, where many processes take turns. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(15);

    /** A shorter part of its interval doesn't matter to a rule. */
    private static final int PART = 10;

    static Missed nothing(Instant before, Instant now) {
        return new Missed(before, now, List.of());
    }

    /** Whether so much time has passed since the rule was evaluated last that it may have been on meanwhile. */
    static boolean isMissed(AlertRule rule, Instant before, Instant now) {
        Duration interval = Duration.ofSeconds(rule.interval());
        Duration part = interval.dividedBy(PART);
        Duration pause = part.compareTo(SHORTEST_PAUSE) > 0 ? part : SHORTEST_PAUSE;
        return rule.condition() instanceof Condition.AtLeast
                && before.plus(pause.compareTo(interval) < 0 ? pause : interval).isBefore(now);
    }

    /** From when on parts are needed: for one interval before the last evaluation, as far as there are any. */
    static Instant from(Instant before, Instant now, int interval) {
        Instant from = before.minusSeconds(interval);
        Instant first = now.minusSeconds(RecentLogs.MAX_WINDOW);
        return from.isBefore(first) ? first : from;
    }

    Measure add(AlertRule rule, Map<String, Long> counts, Map<String, Instant> lastStored) {
        if (parts.isEmpty() || !isMissed(rule, before, now)) {
            return new Measure(rule, before, counts, Map.of(), lastStored, true);
        }
        Duration window = Duration.ofSeconds(rule.interval());
        // the older they are the longer parts become: longer ones say nothing of an interval
        List<Part<Source>> exact = parts.stream()
                .filter(part -> !part.begin().plus(window).isBefore(part.end()))
                .toList();
        return add(
                rule,
                counts,
                lastStored,
                before,
                exact,
                source -> rule.match().covers(source) ? rule.group(source) : null);
    }

    static <K> Measure add(
            AlertRule rule,
            Map<String, Long> counts,
            Map<String, Instant> lastStored,
            Instant before,
            List<Part<K>> parts,
            Function<K, @Nullable String> group) {
        Duration window = Duration.ofSeconds(rule.interval());
        // a part that began earlier holds what it may have fired for before
        List<Part<K>> reachingBack = beginning(before.minus(window), parts);
        List<Part<K>> since = beginning(before, parts);
        Map<String, Long> most = new HashMap<>(counts);
        Peaks.of(since, window, group).forEach((name, peak) -> most.merge(name, peak, Math::max));
        return new Measure(rule, before, most, Peaks.of(reachingBack, window, group), lastStored, true);
    }

    private static <K> List<Part<K>> beginning(Instant from, List<Part<K>> parts) {
        return parts.stream().filter(part -> !part.begin().isBefore(from)).toList();
    }
}
