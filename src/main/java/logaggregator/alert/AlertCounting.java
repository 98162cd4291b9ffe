package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongSupplier;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.alert.Measured.Measure;
import logaggregator.ops.FaultSource;
import logaggregator.queue.LogQueue;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Reading;
import logaggregator.store.TooManySourcesException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts what the rules ask for: from the numbers that writers keep, or log by log for those with a search, as far as there is
 * time. Called by one thread at a time.
 */
@Component("alertCounts")
public class AlertCounting implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(AlertCounting.class);

    private static final Duration SHORTEST_TIME = Duration.ofSeconds(2);

    private final RecentLogs logs;
    private final Numbers numbers;
    private final LogQueue queue;
    private final AlertBook book;
    private final Duration timeForSearches;
    private final Duration shortestGap;
    private final Duration memory;
    private final LongSupplier nanoTime;
    private volatile long lastRead;

    /** When each rule was searched for last, in vain or not; those that waited longest come first. */
    private final Map<String, Long> triedAt = new HashMap<>();

    /** Names of the rules that couldn't be counted for when it was tried last. */
    private final Set<String> tooMuch = new ConcurrentSkipListSet<>();

    @Autowired
    AlertCounting(RecentLogs logs, LogQueue queue, AlertBook book, AlertSettings settings) {
        this(logs, queue, book, settings, System::nanoTime);
    }

    AlertCounting(RecentLogs logs, LogQueue queue, AlertBook book, AlertSettings settings, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastRead = nanoTime.getAsLong();
        this.logs = logs;
        this.numbers = new Numbers(logs, nanoTime);
        this.queue = queue;
        this.book = book;
        Duration interval = Duration.ofSeconds(settings.checkInterval());
        this.timeForSearches = longer(interval, SHORTEST_TIME);
        this.memory = settings.memory();
        this.shortestGap = settings.shortestGap();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    public Measured read(RuleSet rules) {
        lastRead = nanoTime.getAsLong();
        Instant before = book.lastEvaluation();
        Reading reading = logs.read(shortestGap);
        tooMuch.retainAll(rules.rules().stream().map(AlertRule::name).toList());
        Pause pause = new Pause(before, reading.at());
        List<Measure> measures = new ArrayList<>(numbers.measure(rules(rules, false), pause));
        measures.forEach(this::note);
        measures.addAll(searchAll(rules(rules, true)));
        return new Measured(
                reading.at(), before, reading.since(), reading.gaps(), delay(rules), measures, rules.error() == null);
    }

    private static List<AlertRule> rules(RuleSet rules, boolean withSearch) {
        return rules.rules().stream()
                .filter(rule -> rule.match().needsSearch() == withSearch)
                .toList();
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

    /** Those that waited longest come first; those for which there is no time have their turn at the next ticks. */
    private List<Measure> searchAll(List<AlertRule> rules) {
        triedAt.keySet().retainAll(rules.stream().map(AlertRule::name).toList());
        long start = nanoTime.getAsLong();
        List<Measure> measures = new ArrayList<>();
        for (AlertRule rule : waitingLongestFirst(rules, start)) {
            boolean hasTime = nanoTime.getAsLong() - start < timeForSearches.toNanos();
            measures.add(hasTime ? search(rule) : Measure.unknown(rule));
        }
        return measures;
    }

    private List<AlertRule> waitingLongestFirst(List<AlertRule> rules, long now) {
        return rules.stream()
                .sorted(Comparator.comparing((AlertRule rule) -> triedAt.containsKey(rule.name()))
                        .thenComparing(rule -> triedAt.getOrDefault(rule.name(), now) - now))
                .toList();
    }

    private Measure search(AlertRule rule) {
        triedAt.put(rule.name(), nanoTime.getAsLong());
        Measure measure;
        try {
            Map<String, Long> counts =
                    logs.search(rule.match().toExpression(), rule.interval(), shortestGap, rule.groupBy());
            measure = new Measure(rule, counts, Map.of(), numbers.lastStored(rule), true);
        } catch (QueryTimedOutException | TooManySourcesException e) {
            measure = Measure.unknown(rule);
        }
        note(measure);
        return measure;
    }

    private void note(Measure measure) {
        String rule = measure.rule().name();
        if (measure.known()) {
            tooMuch.remove(rule);
        } else if (tooMuch.add(rule)) {
            log.warn("There is too much to count for alert rule {}: its alert stays as it is", rule);
        }
    }

    @Override
    public String part() {
        return "alert-counts";
    }

    @Override
    public @Nullable String fault() {
        return tooMuch.isEmpty() || nanoTime.getAsLong() - lastRead > memory.toNanos()
                ? null
                : "there is too much to count for these alert rules: " + String.join(", ", tooMuch);
    }
}
