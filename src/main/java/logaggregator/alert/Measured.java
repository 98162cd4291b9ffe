package logaggregator.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was counted for the rules.
 *
 * @param at when, by the clock of the database
 * @param since from when on logs are counted at all
 * @param isOfAllRules false while the file of the rules can't be used: there may be others than are known here
 */
public record Measured(Instant at, Instant since, List<Measure> measures, boolean isOfAllRules) {

    /**
     * What was counted for one rule.
     *
     * @param counts by group, those that have logs in the rule's interval
     * @param lastStored by group, of the last seven days; empty where the rule doesn't need it
     * @param known whether there was time to count
     */
    public record Measure(AlertRule rule, Map<String, Long> counts, Map<String, Instant> lastStored, boolean known) {}
}
