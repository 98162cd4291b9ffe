package logaggregator.alert;

import java.time.Instant;
import java.util.List;
import logaggregator.search.Expression;

/** Events of a rule that counts every log. */
final class Events {

    private Events() {}

    /** @param endedAt null when it fires */
    static AlertEvent of(String rule, int interval, Instant startedAt, Instant endedAt, Instant at) {
        AlertRule counted = new AlertRule(
                rule,
                new Match(List.of(), List.of(), List.of(), "", Expression.ALL),
                new Condition.AtLeast(1),
                interval,
                null,
                "warning",
                List.of(),
                new MessageTemplate("m"),
                interval);
        return new AlertEvent(counted, "", 1, startedAt, endedAt, interval, at);
    }
}
