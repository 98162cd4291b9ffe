package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import logaggregator.alert.Measured.Measure;
import logaggregator.store.RecentLogs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Compares what was counted with what was known before: finds what is to be told, and notes what has changed. An evaluation that
 * was cut off before anything was told finds the same again. Thread-safe.
 */
@Component("alertEvaluation")
public class AlertEvaluation {

    private static final Logger log = LoggerFactory.getLogger(AlertEvaluation.class);

    private final AlertBook book;

    AlertEvaluation(AlertBook book) {
        this.book = book;
    }

    /** One alert. */
    private record Key(String rule, String group) {}

    public List<AlertEvent> evaluate(Measured measured) {
        List<Silence> silences = book.silences();
        Map<Key, AlertState> before = new HashMap<>();
        Map<String, Set<String>> groupsBefore = new HashMap<>();
        for (AlertState state : book.states()) {
            before.put(new Key(state.rule(), state.group()), state);
            groupsBefore.computeIfAbsent(state.rule(), rule -> new HashSet<>()).add(state.group());
        }
        Map<Key, Measure> looked = new HashMap<>();
        List<AlertState> after = new ArrayList<>();
        for (Measure measure : measured.measures()) {
            String rule = measure.rule().name();
            for (String group : groups(measure, groupsBefore.getOrDefault(rule, Set.of()))) {
                Key key = new Key(rule, group);
                looked.put(key, measure);
                AlertState known = before.get(key);
                AlertState next = next(measured, measure, group, known == null ? null : known.withRule(), silences);
                if (next != null) {
                    after.add(next);
                }
            }
        }
        // nobody counts any more for a rule that is gone
        before.forEach((key, state) -> {
            if (measured.isOfAllRules() && !looked.containsKey(key)) {
                after.add(state.withoutRule(measured.at()));
            }
        });
        List<AlertState> changed = after.stream()
                .filter(state -> !state.equals(before.get(new Key(state.rule(), state.group()))))
                .toList();
        // what another process has found meanwhile holds
        return book.save(changed, measured) ? events(measured, after, looked, silences) : List.of();
    }

    private static Set<String> groups(Measure measure, Set<String> before) {
        Set<String> groups = new HashSet<>(before);
        groups.addAll(measure.counts().keySet());
        groups.addAll(measure.peaks().keySet());
        groups.addAll(measure.lastStored().keySet());
        if (measure.rule().groupBy() == null) {
            groups.add("");
        }
        // others are from before the rule was changed
        groups.removeIf(group -> (measure.rule().groupBy() == null) != group.isEmpty());
        return groups;
    }

    private static @Nullable AlertState next(
            Measured measured, Measure measure, String group, @Nullable AlertState known, List<Silence> silences) {
        AlertRule rule = measure.rule();
        long count = measure.counts().getOrDefault(group, 0L);
        if (known == null || known.endedAt() != null) {
            // what is on is measured by what there is now
            count = Math.max(count, measure.peaks().getOrDefault(group, 0L));
        }
        Boolean holds = measure.known() ? holds(measured, measure, group, count) : null;
        if (holds == null) {
            return known;
        }
        if (known == null) {
            return holds ? AlertState.begin(rule, group, count, measured.at()) : null;
        }
        if (holds) {
            return known.holding(rule, count, measured.at());
        }
        boolean owed = !known.told() && known.isDue(rule, measured.before()) && !isSilenced(known, silences);
        return known.over(count, measured.at(), owed);
    }

    private static boolean isSilenced(AlertState state, List<Silence> silences) {
        return silences.stream().anyMatch(silence -> silence.covers(state));
    }

    /** Null when that can't be told: then the alert stays as it is. */
    private static @Nullable Boolean holds(Measured measured, Measure measure, String group, long count) {
        AlertRule rule = measure.rule();
        if (rule.condition() instanceof Condition.AtLeast atLeast) {
            return count >= atLeast.n();
        }
        Instant last = measure.lastStored().get(group);
        Duration span = Duration.ofSeconds(rule.interval());
        if (rule.condition() instanceof Condition.FewerThan fewerThan) {
            if (count >= fewerThan.n() || rule.groupBy() != null && last == null) {
                return false;
            }
        } else {
            span = Duration.ofSeconds(((Condition.AbsentFor) rule.condition()).seconds());
            if (last == null || last.plus(span).isAfter(measured.at())) {
                return false;
            }
        }
        // what wasn't counted is not known to be missing
        boolean counted = !measured.countedSince(span).plus(span).isAfter(measured.at());
        return counted && !measured.isDelayed(span) ? true : null;
    }

    private List<AlertEvent> events(
            Measured measured, List<AlertState> after, Map<Key, Measure> looked, List<Silence> silences) {
        List<AlertEvent> events = new ArrayList<>();
        for (AlertState state : after) {
            AlertEvent event = event(measured, state, looked.get(new Key(state.rule(), state.group())));
            if (event == null) {
                continue;
            }
            boolean stale = !event.isFiring() && state.isStale(measured.at());
            if (stale) {
                log.warn("Nobody could be told for an hour that alert {} is over: it is left", event.key());
            }
            if (!stale && !isSilenced(state, silences)) {
                events.add(event);
            } else if (!event.isFiring()) {
                book.close(state);
            }
        }
        return events;
    }

    private static @Nullable AlertEvent event(Measured measured, AlertState state, @Nullable Measure measure) {
        // who was told that it holds is told that it is over
        boolean over = state.isOver();
        boolean firing = measure != null && (state.isDue(measure.rule(), measured.at()) || state.isOwed(measured.at()));
        if (!over && !firing) {
            return null;
        }
        AlertRule rule = measure == null
                ? AlertRule.removed(state)
                : measure.rule()
                        .with(
                                state.severity(),
                                over ? state.channels() : measure.rule().channels());
        return new AlertEvent(
                rule,
                state.group(),
                state.count(),
                state.startedAt(),
                over ? state.endedAt() : null,
                reach(measured, state, rule),
                measured.at());
    }

    /** Back to the first log that it is about, as far as it can be told. */
    private static int reach(Measured measured, AlertState state, AlertRule rule) {
        Instant now = measured.at();
        Instant before = measured.before();
        Instant first = state.told() || state.startedAt().isAfter(now) ? now : state.startedAt();
        Instant from = new Pause(before, now).matters(rule) && before.isBefore(first) ? before : first;
        long seconds = rule.interval() + Duration.between(from, now).toSeconds();
        return (int) Math.min(RecentLogs.MAX_WINDOW, seconds);
    }
}
