package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Part;

/**
 * Time in which nobody evaluated: a rule would see only what is in the interval at the end of it, not the stretches as long that
 * were full meanwhile.
 *
 * @param begin when the rules were evaluated last
 */
record Pause(Instant begin, Instant end) {

    /** From one evaluation to the next, where many processes take turns. */
    private static final Duration SHORTEST = Duration.ofSeconds(15);

    /** A shorter part of its interval doesn't matter to a rule. */
    private static final int PART = 10;

    /** Whether it is so long that the alert of the rule may have been on meanwhile, and can be found. */
    boolean matters(AlertRule rule) {
        Duration interval = Duration.ofSeconds(rule.interval());
        Duration part = interval.dividedBy(PART);
        Duration shortest = part.compareTo(SHORTEST) > 0 ? part : SHORTEST;
        return rule.condition() instanceof Condition.AtLeast
                && !rule.match().needsSearch()
                && begin.plus(shortest.compareTo(interval) < 0 ? shortest : interval)
                        .isBefore(end);
    }

    /** From when on parts are needed: for one interval before it, as far as there are any. */
    Instant from(int interval) {
        Instant from = begin.minusSeconds(interval);
        Instant first = end.minusSeconds(RecentLogs.MAX_WINDOW);
        return from.isBefore(first) ? first : from;
    }

    /** The most logs that there were in any stretch as long as the rule's interval, by group. */
    Map<String, Long> peaks(AlertRule rule, List<Part> parts) {
        Duration interval = Duration.ofSeconds(rule.interval());
        Map<String, List<Part>> byGroup = new HashMap<>();
        for (Part part : parts) {
            // the older they are the longer parts become: longer ones say nothing of an interval
            boolean exact = !part.begin().plus(interval).isBefore(part.end());
            // one that began earlier holds what the rule may have fired for before
            boolean recent = !part.begin().isBefore(begin.minus(interval));
            if (exact && recent && rule.match().covers(part.source())) {
                byGroup.computeIfAbsent(rule.group(part.source()), group -> new ArrayList<>())
                        .add(part);
            }
        }
        Map<String, Long> peaks = new HashMap<>();
        byGroup.forEach((group, its) -> peaks.put(group, peak(its, interval)));
        return peaks;
    }

    private static long peak(List<Part> parts, Duration interval) {
        parts.sort(Comparator.comparing(Part::end));
        Deque<Part> inInterval = new ArrayDeque<>();
        long sum = 0;
        long peak = 0;
        for (Part part : parts) {
            inInterval.addLast(part);
            sum += part.n();
            Instant first = part.end().minus(interval);
            while (!inInterval.getFirst().end().isAfter(first)) {
                sum -= inInterval.removeFirst().n();
            }
            peak = Math.max(peak, sum);
        }
        return peak;
    }
}
