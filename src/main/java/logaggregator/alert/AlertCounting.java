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
import java.util.function.LongSupplier;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.alert.Measured.Measure;
import logaggregator.ops.FaultSource;
import logaggregator.queue.LogQueue;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Part;
import logaggregator.store.RecentLogs.Reading;
import logaggregator.store.RecentLogs.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
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

    /** A look back that takes too long so many times in a row isn't tried again: it would hide what comes in now. */
    private static final int LOOKS_BACK = 3;

    private final RecentLogs logs;
    private final LogQueue queue;
    private final AlertBook book;
    private final Duration timeForSearches;
    private final Duration shortestGap;
    private final Duration memory;
    private final LongSupplier nanoTime;
    private volatile long lastRead;

    /** When each rule was searched for last, in vain or not; those that waited longest come first. */
    private final Map<String, Long> triedAt = new HashMap<>();

    /** How often a look back took too long, by rule. */
    private final Map<String, Integer> failedLooksBack = new HashMap<>();

    private final Set<String> tooSlow = new ConcurrentSkipListSet<>();

    @Autowired
    AlertCounting(RecentLogs logs, LogQueue queue, AlertBook book, AlertSettings settings) {
        this(logs, queue, book, settings, System::nanoTime);
    }

    AlertCounting(RecentLogs logs, LogQueue queue, AlertBook book, AlertSettings settings, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastRead = nanoTime.getAsLong();
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
        lastRead = nanoTime.getAsLong();
        TreeSet<Integer> windows = new TreeSet<>();
        List<AlertRule> searches = new ArrayList<>();
        for (AlertRule rule : rules.rules()) {
            if (rule.match().needsSearch()) {
                searches.add(rule);
            } else if (!(rule.condition() instanceof Condition.AbsentFor)) {
                windows.add(rule.interval());
            }
        }
        LastEvaluation last = book.lastEvaluation();
        Reading reading = logs.read(windows, shortestGap);
        Missed missed = missed(rules, last.at(), reading.at());
        List<Measure> measures = new ArrayList<>();
        for (AlertRule rule : rules.rules()) {
            if (!rule.match().needsSearch()) {
                measures.add(missed.add(rule, counts(rule, reading), lastStored(rule, reading)));
            }
        }
        Map<String, Instant> searched = new HashMap<>();
        for (Measure measure : searchAll(searches, reading, last)) {
            measures.add(measure);
            // what there was no time for is looked at later, from there on
            searched.put(measure.rule().name(), measure.known() ? reading.at() : measure.before());
        }
        return new Measured(
                reading.at(),
                last.at(),
                reading.since(),
                reading.gaps(),
                searched,
                delay(rules),
                measures,
                rules.error() == null);
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
                    ? Missed.nothing(before, now)
                    : new Missed(before, now, logs.parts(Missed.from(before, now, longest)));
        } catch (QueryTimedOutException e) {
            log.warn(
                    "What was stored while no rules were evaluated, since {}, can't be looked at: it takes too long",
                    before);
            return Missed.nothing(before, now);
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

    private List<Measure> searchAll(List<AlertRule> rules, Reading reading, LastEvaluation last) {
        List<String> names = rules.stream().map(AlertRule::name).toList();
        List.of(triedAt.keySet(), failedLooksBack.keySet(), tooSlow).forEach(each -> each.retainAll(names));
        long start = nanoTime.getAsLong();
        rules.sort(Comparator.comparing((AlertRule rule) -> triedAt.containsKey(rule.name()))
                .thenComparing(rule -> triedAt.getOrDefault(rule.name(), start) - start));
        return rules.stream()
                .map(rule -> nanoTime.getAsLong() - start < timeForSearches.toNanos()
                        ? search(rule, reading, last.searched(rule))
                        : unknown(rule, last.searched(rule)))
                .toList();
    }

    private Measure search(AlertRule rule, Reading reading, Instant before) {
        triedAt.put(rule.name(), nanoTime.getAsLong());
        try {
            Map<String, Long> counts = logs.search(rule.match().toExpression(), rule.interval(), rule.groupBy());
            Map<String, Instant> lastStored = lastStored(rule, reading);
            Measure measure = Missed.isMissed(rule, before, reading.at())
                    ? Missed.add(rule, counts, lastStored, before, lookBack(rule, before, reading.at()), group -> group)
                    : new Measure(rule, before, counts, Map.of(), lastStored, true);
            tooSlow.remove(rule.name());
            return measure;
        } catch (QueryTimedOutException e) {
            if (tooSlow.add(rule.name())) {
                log.warn("The search of alert rule {} takes too long: its alert stays as it is", rule.name());
            }
            return unknown(rule, before);
        }
    }

    private List<Part<String>> lookBack(AlertRule rule, Instant before, Instant now) {
        try {
            List<Part<String>> parts = logs.searchParts(
                    rule.match().toExpression(), Missed.from(before, now, rule.interval()), rule.groupBy());
            failedLooksBack.remove(rule.name());
            return parts;
        } catch (QueryTimedOutException e) {
            if (failedLooksBack.merge(rule.name(), 1, Integer::sum) < LOOKS_BACK) {
                throw e;
            }
            failedLooksBack.remove(rule.name());
            log.warn(
                    "What was stored since {} can't be searched for alert rule {}: it takes too long",
                    before,
                    rule.name());
            return List.of();
        }
    }

    private static Measure unknown(AlertRule rule, Instant before) {
        return new Measure(rule, before, Map.of(), Map.of(), Map.of(), false);
    }

    @Override
    public String part() {
        return "alert-searches";
    }

    @Override
    public @Nullable String fault() {
        return tooSlow.isEmpty() || nanoTime.getAsLong() - lastRead > memory.toNanos()
                ? null
                : "the searches of these alert rules take too long: " + String.join(", ", tooSlow);
    }
}
