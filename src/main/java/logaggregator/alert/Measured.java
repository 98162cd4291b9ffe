package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import logaggregator.store.RecentLogs.Gap;

/**
 * What was counted for the rules.
 *
 * @param at when, by the clock of the database
 * @param before when the rules were evaluated before
 * @param since from when on logs are counted at all
 * @param gaps times in which nothing could be counted
 * @param delay for how long a log has waited in the queue that isn't stored yet
 * @param isOfAllRules false while the file of the rules can't be used: there may be others than are known here
 */
public record Measured(
        Instant at,
        Instant before,
        Instant since,
        List<Gap> gaps,
        Duration delay,
        List<Measure> measures,
        boolean isOfAllRules) {

    /** So much of its interval may be missing, and a rule still says that there is too little. */
    private static final int PART = 10;

    /** What is under way is no delay. */
    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(5);

    /**
     * What was counted for one rule.
     *
     * @param counts by group, of the rule's interval
     * @param peaks by group, the most in a stretch as long that ended while nobody evaluated
     * @param lastStored by group, of the last seven days; empty where the rule doesn't need it
     * @param known false when there was too much to count, or no time
     */
    public record Measure(
            AlertRule rule,
            Map<String, Long> counts,
            Map<String, Long> peaks,
            Map<String, Instant> lastStored,
            boolean known) {

        static Measure unknown(AlertRule rule) {
            return new Measure(rule, Map.of(), Map.of(), Map.of(), false);
        }

        static List<Measure> unknown(List<AlertRule> rules) {
            return rules.stream().map(Measure::unknown).toList();
        }
    }

    /** From when on it was counted without a gap that matters to who looks back for so long. */
    Instant countedSince(Duration span) {
        return gaps.stream()
                .filter(gap -> gap.length().multipliedBy(PART).compareTo(span) > 0)
                .map(Gap::end)
                .reduce(since, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Whether what waits in the queue could be what is missed by who looks back for so long. */
    boolean isDelayed(Duration span) {
        return delay.compareTo(SHORTEST_DELAY) > 0 && delay.multipliedBy(PART).compareTo(span) > 0;
    }
}
