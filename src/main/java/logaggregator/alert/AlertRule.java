package logaggregator.alert;

import java.util.List;
import logaggregator.search.Expression;
import logaggregator.store.RecentLogs.Source;
import logaggregator.store.RecentLogs.SourceField;
import org.jspecify.annotations.Nullable;

/**
 * When to alert whom.
 *
 * @param interval seconds in which logs are counted, and in which an alert fires at most once
 * @param groupBy one alert for each value of it; null for one in all
 * @param channels names of channels; empty for all
 * @param repeatEvery seconds after which it fires again while its condition holds
 */
public record AlertRule(
        String name,
        Match match,
        Condition condition,
        int interval,
        @Nullable SourceField groupBy,
        String severity,
        List<String> channels,
        MessageTemplate message,
        int repeatEvery) {

    private static final Match NOTHING = new Match(List.of(), List.of(), List.of(), "", Expression.ALL);

    /** Stands in for a rule that is no longer in the file while its alert is on. */
    static AlertRule removed(AlertState state) {
        return new AlertRule(
                state.rule(),
                NOTHING,
                new Condition.AtLeast(0),
                0,
                null,
                state.severity(),
                state.channels(),
                new MessageTemplate("{rule}: the rule was removed"),
                0);
    }

    AlertRule with(String otherSeverity, List<String> otherChannels) {
        return new AlertRule(
                name, match, condition, interval, groupBy, otherSeverity, otherChannels, message, repeatEvery);
    }

    /** Whether it matters when groups were heard last: a group that never was can't be missed. */
    boolean needsLastStored() {
        return condition instanceof Condition.AbsentFor || condition instanceof Condition.FewerThan && groupBy != null;
    }

    String group(Source source) {
        return groupBy == null ? "" : groupBy.of(source);
    }
}
