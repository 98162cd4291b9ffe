package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import logaggregator.alert.Measured.Measure;
import logaggregator.ops.FaultSource;
import logaggregator.store.QueryTimedOutException;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Reading;
import logaggregator.store.RecentLogs.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Counts what the rules ask for: from the numbers that writers keep, all rules at once; log by log for those with a search, as
 * far as there is time. Called by one thread at a time.
 */
@Component("alertCounts")
public class AlertCounting implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(AlertCounting.class);

    private static final Duration SHORTEST_TIME = Duration.ofSeconds(2);

    private final RecentLogs logs;
    private final Duration timeForSearches;

    /** When each rule was searched for last; those that waited longest come first. */
    private final Map<String, Long> searchedAt = new HashMap<>();

    private final Set<String> tooSlow = new ConcurrentSkipListSet<>();

    AlertCounting(RecentLogs logs, AlertSettings settings) {
        this.logs = logs;
        Duration interval = Duration.ofSeconds(settings.checkInterval());
        this.timeForSearches = interval.compareTo(SHORTEST_TIME) > 0 ? interval : SHORTEST_TIME;
    }

    public Measured read(RuleSet rules) {
        TreeSet<Integer> windows = new TreeSet<>();
        List<AlertRule> searches = new ArrayList<>();
        for (AlertRule rule : rules.rules()) {
            if (rule.match().needsSearch()) {
                searches.add(rule);
            } else if (!(rule.condition() instanceof Condition.AbsentFor)) {
                windows.add(rule.interval());
            }
        }
        Reading reading = logs.read(windows);
        List<Measure> measures = new ArrayList<>();
        for (AlertRule rule : rules.rules()) {
            if (!rule.match().needsSearch()) {
                measures.add(new Measure(rule, counts(rule, reading), lastStored(rule, reading), true));
            }
        }
        searchAll(searches, reading, measures);
        return new Measured(reading.at(), reading.since(), measures, rules.error() == null);
    }

    private static Map<String, Long> counts(AlertRule rule, Reading reading) {
        Map<String, Long> counts = new HashMap<>();
        reading.counts().getOrDefault(rule.interval(), Map.of()).forEach((source, n) -> {
            if (rule.match().covers(source)) {
                counts.merge(rule.group(source), n, Long::sum);
            }
        });
        return counts;
    }

    private static Map<String, Instant> lastStored(AlertRule rule, Reading reading) {
        Map<String, Instant> last = new HashMap<>();
        if (rule.condition() instanceof Condition.AtLeast) {
            return last;
        }
        for (Map.Entry<Source, Instant> each : reading.lastStored().entrySet()) {
            if (rule.match().covers(each.getKey())) {
                last.merge(
                        rule.group(each.getKey()), each.getValue(), (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        return last;
    }

    private void searchAll(List<AlertRule> rules, Reading reading, List<Measure> measures) {
        searchedAt.keySet().retainAll(rules.stream().map(AlertRule::name).toList());
        tooSlow.retainAll(searchedAt.keySet());
        long start = System.nanoTime();
        rules.sort(Comparator.comparingLong(rule -> searchedAt.getOrDefault(rule.name(), start) - start));
        for (AlertRule rule : rules) {
            boolean inTime = System.nanoTime() - start < timeForSearches.toNanos();
            measures.add(inTime ? search(rule, reading) : new Measure(rule, Map.of(), Map.of(), false));
        }
    }

    private Measure search(AlertRule rule, Reading reading) {
        searchedAt.put(rule.name(), System.nanoTime());
        try {
            Map<String, Long> counts = logs.search(rule.match().toExpression(), rule.interval(), rule.groupBy());
            tooSlow.remove(rule.name());
            return new Measure(rule, counts, lastStored(rule, reading), true);
        } catch (QueryTimedOutException e) {
            if (tooSlow.add(rule.name())) {
                log.warn("The search of alert rule {} takes too long: its alert stays as it is", rule.name());
            }
            return new Measure(rule, Map.of(), Map.of(), false);
        }
    }

    @Override
    public String part() {
        return "alert-searches";
    }

    @Override
    public @Nullable String fault() {
        return tooSlow.isEmpty()
                ? null
                : "the searches of these alert rules take too long: " + String.join(", ", tooSlow);
    }
}
