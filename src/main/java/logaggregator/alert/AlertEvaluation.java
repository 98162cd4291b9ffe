package logaggregator.alert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import logaggregator.alert.Measured.Measure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Compares what was counted with what was known before: finds what is to be told, and notes what has changed. An evaluation that
 * was cut off before anything was told finds the same again. Thread-safe.
 */
@Component("alertEvaluation")
public class AlertEvaluation {

    private final AlertBook book;

    AlertEvaluation(AlertBook book) {
        this.book = book;
    }

    /** One alert. */
    private record Key(String rule, String group) {}

    public List<AlertEvent> evaluate(Measured measured) {
        Map<Key, AlertState> before = new HashMap<>();
        book.states().forEach(state -> before.put(new Key(state.rule(), state.group()), state));
        Map<Key, AlertRule> looked = new HashMap<>();
        List<AlertState> after = new ArrayList<>();
        for (Measure measure : measured.measures()) {
            evaluate(measured, measure, before, looked, after);
        }
        // nobody counts any more for a rule that is gone
        before.forEach((key, state) -> {
            if (measured.isOfAllRules() && !looked.containsKey(key)) {
                after.add(Objects.requireNonNull(
                        AlertState.next(state, AlertRule.removed(state), key.group(), 0, false, measured.at())));
            }
        });
        List<AlertState> changed = after.stream()
                .filter(state -> !state.equals(before.get(new Key(state.rule(), state.group()))))
                .toList();
        if (!changed.isEmpty()) {
            book.save(changed);
        }
        return events(measured, after, looked);
    }

    private static void evaluate(
            Measured measured,
            Measure measure,
            Map<Key, AlertState> before,
            Map<Key, AlertRule> looked,
            List<AlertState> after) {
        AlertRule rule = measure.rule();
        Set<String> groups = new HashSet<>(measure.counts().keySet());
        groups.addAll(measure.lastStored().keySet());
        if (rule.groupBy() == null) {
            groups.add("");
        }
        before.keySet().stream().filter(key -> key.rule().equals(rule.name())).forEach(key -> groups.add(key.group()));
        for (String group : groups) {
            Key key = new Key(rule.name(), group);
            looked.put(key, rule);
            AlertState known = before.get(key);
            long count = measure.counts().getOrDefault(group, 0L);
            AlertState next = measure.known()
                    ? AlertState.next(known, rule, group, count, holds(measured, measure, group, count), measured.at())
                    : known;
            if (next != null) {
                after.add(next);
            }
        }
    }

    private static boolean holds(Measured measured, Measure measure, String group, long count) {
        AlertRule rule = measure.rule();
        boolean applies = (rule.groupBy() == null) == group.isEmpty();
        if (rule.condition() instanceof Condition.AtLeast atLeast) {
            return applies && count >= atLeast.n();
        }
        if (rule.condition() instanceof Condition.FewerThan fewerThan) {
            // what isn't counted for long enough yet isn't known to be few
            boolean counted = !measured.since().plusSeconds(rule.interval()).isAfter(measured.at());
            boolean heard = rule.groupBy() == null || measure.lastStored().containsKey(group);
            return applies && counted && heard && count < fewerThan.n();
        }
        int seconds = ((Condition.AbsentFor) rule.condition()).seconds();
        var last = measure.lastStored().get(group);
        return applies && last != null && !last.plusSeconds(seconds).isAfter(measured.at());
    }

    private List<AlertEvent> events(Measured measured, List<AlertState> after, Map<Key, AlertRule> looked) {
        List<Silence> silences = book.silences();
        List<AlertEvent> events = new ArrayList<>();
        for (AlertState state : after) {
            boolean silenced = silences.stream().anyMatch(silence -> silence.covers(state));
            AlertEvent event = event(measured, state, looked.get(new Key(state.rule(), state.group())));
            if (event == null) {
                continue;
            }
            if (!silenced) {
                events.add(event);
            } else if (!event.isFiring()) {
                book.close(state);
            }
        }
        return events;
    }

    private static @Nullable AlertEvent event(Measured measured, AlertState state, @Nullable AlertRule known) {
        // who was told that it holds is told that it is over
        AlertRule rule = known == null ? AlertRule.removed(state) : state.isOver() ? known.told(state) : known;
        boolean due = known != null && state.isDue(rule, measured.at());
        return due || state.isOver()
                ? new AlertEvent(rule, state.group(), state.count(), state.startedAt(), state.endedAt(), measured.at())
                : null;
    }
}
