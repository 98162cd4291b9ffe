package logaggregator.alert;

import java.time.Instant;
import java.util.Map;

/**
 * How far evaluation has come.
 *
 * @param at when all rules were evaluated last
 * @param searched until when logs were searched, by name of the rule, of those with a search
 */
public record LastEvaluation(Instant at, Map<String, Instant> searched) {

    Instant searched(AlertRule rule) {
        return searched.getOrDefault(rule.name(), at);
    }
}
