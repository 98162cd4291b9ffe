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
import logaggregator.UnavailableException;
import logaggregator.alert.Measured.Measure;
import logaggregator.ops.FaultSource;
import logaggregator.queue.LogQueue;
import logaggregator.search.Expression;
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

    /** Folds come at each evaluation, and once a minute from workers: twice as long is a gap, but not what a busy machine does. */
    private static final int LONGEST_PAUSE = 60;

    private static final Duration SHORTEST_GAP = Duration.ofSeconds(5);

    private final RecentLogs logs;
    private final LogQueue queue;
    private final AlertBook book;
    private final Duration timeForSearches;
    private final Duration shortestGap;
    private final Duration memory;
    private volatile long lastRead = System.nanoTime();

    /** When each rule was searched for last; those that waited longest come first. */
    private final Map<String, Long> searchedAt = new HashMap<>();

    private final Set<String> tooSlow = new ConcurrentSkipListSet<>();

    AlertCounting(RecentLogs logs, LogQueue queue, AlertBook book, AlertSettings settings) {
        this.logs = logs;
        this.queue = queue;
        this.book = book;
        Duration interval = Duration.ofSeconds(settings.checkInterval());
        this.timeForSearches = longer(interval, SHORTEST_TIME);
        this.memory = settings.memory();
        this.shortestGap =
                longer(Duration.ofSeconds(2L * Math.min(settings.checkInterval(), LONGEST_PAUSE)), SHORTEST_GAP);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    public Measured read(RuleSet rules) {
        lastRead = System.nanoTime();
        TreeSet<Integer> windows = new TreeSet<>();
        List<AlertRule> searches = new ArrayList<>();
        for (AlertRule rule : rules.rules()) {
            if (rule.match().needsSearch()) {
                searches.add(rule);
            } else if (!(rule.condition() instanceof Condition.AbsentFor)) {
                windows.add(rule.interval());
            }
        }
        Instant before = book.evaluatedAt();
        Reading reading = logs.read(windows, shortestGap);
        Missed missed = missed(rules, before, reading.at());
        List<Measure> measures = new ArrayList<>();
        for (AlertRule rule : rules.rules()) {
            if (!rule.match().needsSearch()) {
                measures.add(missed.add(rule, counts(rule, reading), lastStored(rule, reading)));
            }
        }
        searchAll(searches, reading, before, measures);
        return new Measured(
                reading.at(), before, reading.since(), reading.gaps(), delay(rules), measures, rules.error() == null);
    }

    /** What was stored since the last evaluation, for rules whose interval doesn't reach back to it. */
    private Missed missed(RuleSet rules, Instant before, Instant now) {
        int longest = rules.rules().stream()
                .filter(rule -> !rule.match().needsSearch() && Missed.isMissed(rule, before, now))
                .mapToInt(AlertRule::interval)
                .max()
                .orElse(0);
        try {
            return longest == 0
                    ? Missed.NOTHING
                    : new Missed(before, now, logs.parts(Missed.from(before, now, longest)));
        } catch (QueryTimedOutException e) {
            log.warn(
                    "What was stored while no rules were evaluated, since {}, can't be looked at: it takes too long",
                    before);
            return Missed.NOTHING;
        }
    }

    /** While the queue can't be asked logs go past it: then nobody waits for what is in it. */
    private Duration delay(RuleSet rules) {
        if (rules.rules().stream().allMatch(rule -> rule.condition() instanceof Condition.AtLeast)) {
            return Duration.ZERO;
        }
        try {
            return queue.delay();
        } catch (UnavailableException e) {
            return Duration.ZERO;
        }
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

    private void searchAll(List<AlertRule> rules, Reading reading, Instant before, List<Measure> measures) {
        searchedAt.keySet().retainAll(rules.stream().map(AlertRule::name).toList());
        tooSlow.retainAll(searchedAt.keySet());
        long start = System.nanoTime();
        rules.sort(Comparator.comparingLong(rule -> searchedAt.getOrDefault(rule.name(), start) - start));
        for (AlertRule rule : rules) {
            boolean inTime = System.nanoTime() - start < timeForSearches.toNanos();
            measures.add(inTime ? search(rule, reading, before) : unknown(rule));
        }
    }

    private Measure search(AlertRule rule, Reading reading, Instant before) {
        searchedAt.put(rule.name(), System.nanoTime());
        try {
            Expression condition = rule.match().toExpression();
            Map<String, Long> counts = logs.search(condition, rule.interval(), rule.groupBy());
            Measure measure = Missed.isMissed(rule, before, reading.at())
                    ? Missed.add(
                            rule,
                            counts,
                            lastStored(rule, reading),
                            before,
                            logs.searchParts(
                                    condition, Missed.from(before, reading.at(), rule.interval()), rule.groupBy()),
                            group -> group)
                    : new Measure(rule, counts, Map.of(), lastStored(rule, reading), true);
            tooSlow.remove(rule.name());
            return measure;
        } catch (QueryTimedOutException e) {
            if (tooSlow.add(rule.name())) {
                log.warn("The search of alert rule {} takes too long: its alert stays as it is", rule.name());
            }
            return unknown(rule);
        }
    }

    private static Measure unknown(AlertRule rule) {
        return new Measure(rule, Map.of(), Map.of(), Map.of(), false);
    }

    @Override
    public String part() {
        return "alert-searches";
    }

    @Override
    public @Nullable String fault() {
        return tooSlow.isEmpty() || System.nanoTime() - lastRead > memory.toNanos()
                ? null
                : "the searches of these alert rules take too long: " + String.join(", ", tooSlow);
    }
}
