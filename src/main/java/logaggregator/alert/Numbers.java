package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import logaggregator.QueryTimedOutException;
import logaggregator.alert.Measured.Measure;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Part;
import logaggregator.store.RecentLogs.Source;
import logaggregator.store.RecentLogs.SourceField;
import logaggregator.store.RecentLogs.Sources;
import logaggregator.store.TooManySourcesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the writers have counted, for rules without a search. Rules that need alike numbers are answered by one query, which reads
 * only what they ask for: where there is too much to read, the other rules don't notice.
 */
final class Numbers {

    private static final Logger log = LoggerFactory.getLogger(Numbers.class);

    /** For all queries together; the last one may take two seconds longer. */
    private static final Duration LONGEST = Duration.ofSeconds(4);

    /** So much longer than others those wait for their turn that took too long, or were too much, when they had it last. */
    private static final Duration HANDICAP = Duration.ofMinutes(1);

    private final RecentLogs logs;
    private final LongSupplier nanoTime;

    /** When each kind had its turn, or what is taken for that; those that waited longest come first. */
    private final Map<Kind, Long> turns = new HashMap<>();

    Numbers(RecentLogs logs, LongSupplier nanoTime) {
        this.logs = logs;
        this.nanoTime = nanoTime;
    }

    /**
     * What rules have in common that are answered together.
     *
     * @param horizon how far they look back, at most; 0 where nothing is counted
     * @param fields what tells the sources of their logs apart
     * @param named of which of these fields they name values; of others all must be read
     */
    private record Kind(
            int horizon, boolean counts, boolean lastStored, Set<SourceField> fields, Set<SourceField> named) {

        private static final Comparator<Kind> QUICK_FIRST =
                Comparator.comparingInt(Kind::horizon).thenComparing(Kind::lastStored);

        static Kind of(AlertRule rule) {
            boolean counts = !(rule.condition() instanceof Condition.AbsentFor);
            Set<SourceField> named = EnumSet.noneOf(SourceField.class);
            for (SourceField field : SourceField.values()) {
                if (!rule.match().values(field).isEmpty()) {
                    named.add(field);
                }
            }
            Set<SourceField> fields = EnumSet.copyOf(named);
            SourceField groupBy = rule.groupBy();
            if (groupBy != null) {
                fields.add(groupBy);
            }
            return new Kind(
                    counts ? shortestHorizon(rule.interval()) : 0, counts, rule.needsLastStored(), fields, named);
        }

        private static int shortestHorizon(int interval) {
            return RecentLogs.HORIZONS.stream()
                    .filter(seconds -> seconds >= interval)
                    .findFirst()
                    .orElse(RecentLogs.MAX_WINDOW);
        }

        Sources sources(List<AlertRule> rules) {
            Map<SourceField, Set<String>> values = new EnumMap<>(SourceField.class);
            for (SourceField field : named) {
                values.put(
                        field,
                        rules.stream()
                                .flatMap(rule -> rule.match().values(field).stream())
                                .collect(Collectors.toSet()));
            }
            return new Sources(fields, values);
        }
    }

    /** Of each rule; what there is too much of to be read is not known. */
    List<Measure> measure(List<AlertRule> rules, Pause pause) {
        long start = nanoTime.getAsLong();
        Map<Kind, List<AlertRule>> kinds = rules.stream().collect(Collectors.groupingBy(Kind::of));
        turns.keySet().retainAll(kinds.keySet());
        List<Measure> measures = new ArrayList<>();
        for (Kind kind : inTurn(kinds.keySet(), start)) {
            List<AlertRule> its = kinds.getOrDefault(kind, List.of());
            boolean hasTime = nanoTime.getAsLong() - start < LONGEST.toNanos();
            measures.addAll(hasTime ? measure(kind, its, pause) : Measure.unknown(its));
        }
        return measures;
    }

    /** Whatever takes all of the time has it once, and then those that had none. */
    private List<Kind> inTurn(Set<Kind> kinds, long now) {
        return kinds.stream()
                .sorted(Comparator.comparing((Kind kind) -> turns.containsKey(kind))
                        .thenComparing(kind -> turns.getOrDefault(kind, now) - now)
                        .thenComparing(Kind.QUICK_FIRST))
                .toList();
    }

    private List<Measure> measure(Kind kind, List<AlertRule> rules, Pause pause) {
        long turn = nanoTime.getAsLong();
        turns.put(kind, turn);
        Sources sources = kind.sources(rules);
        try {
            Map<Integer, Map<Source, Long>> counts = kind.counts() ? logs.counts(windows(rules), sources) : Map.of();
            Map<Source, Instant> lastStored = kind.lastStored() ? logs.lastStored(sources) : Map.of();
            List<Part> missed = missed(rules, sources, pause);
            return rules.stream()
                    .map(rule -> new Measure(
                            rule,
                            counts(rule, counts.getOrDefault(rule.interval(), Map.of())),
                            pause.matters(rule) ? pause.peaks(rule, missed) : Map.of(),
                            lastStored(rule, lastStored),
                            true))
                    .toList();
        } catch (QueryTimedOutException | TooManySourcesException e) {
            turns.put(kind, turn + HANDICAP.toNanos());
            return Measure.unknown(rules);
        }
    }

    private static TreeSet<Integer> windows(List<AlertRule> rules) {
        return rules.stream().map(AlertRule::interval).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What was stored since the rules were evaluated last, as far as an interval no longer reaches back to it. */
    private List<Part> missed(List<AlertRule> rules, Sources sources, Pause pause) {
        int longest = rules.stream()
                .filter(pause::matters)
                .mapToInt(AlertRule::interval)
                .max()
                .orElse(0);
        try {
            return longest == 0 ? List.of() : logs.parts(pause.from(longest), sources);
        } catch (QueryTimedOutException | TooManySourcesException e) {
            log.warn(
                    "What was stored while no rules were evaluated, since {}, can't be looked at for {}: it is too much",
                    pause.begin(),
                    rules.stream().map(AlertRule::name).collect(Collectors.joining(", ")));
            return List.of();
        }
    }

    private static Map<String, Long> counts(AlertRule rule, Map<Source, Long> bySource) {
        Map<String, Long> counts = new HashMap<>();
        bySource.forEach((source, n) -> {
            if (rule.match().covers(source)) {
                counts.merge(rule.group(source), n, Long::sum);
            }
        });
        return counts;
    }

    private static Map<String, Instant> lastStored(AlertRule rule, Map<Source, Instant> bySource) {
        Map<String, Instant> last = new HashMap<>();
        bySource.forEach((source, at) -> {
            if (rule.match().covers(source)) {
                last.merge(rule.group(source), at, (one, other) -> one.isAfter(other) ? one : other);
            }
        });
        return last;
    }

    /** When the groups of a rule were heard last, whatever it searches for. */
    Map<String, Instant> lastStored(AlertRule rule) {
        return rule.needsLastStored()
                ? lastStored(rule, logs.lastStored(Kind.of(rule).sources(List.of(rule))))
                : Map.of();
    }
}
