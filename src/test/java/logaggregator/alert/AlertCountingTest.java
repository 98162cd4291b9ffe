package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.QueryTimedOutException;
import logaggregator.alert.Measured.Measure;
import logaggregator.queue.LogQueue;
import logaggregator.search.Expression;
import logaggregator.search.SearchParser;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.SourceField;
import logaggregator.store.TooManySourcesException;
import org.junit.jupiter.api.Test;

/** What there is no time for, or too much of: what comes first, and what is left as it is. */
class AlertCountingTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final FakeAlertBook book = new FakeAlertBook();
    private final SlowLogs logs = new SlowLogs();
    private final AlertEvaluation evaluation = new AlertEvaluation(book);
    private final LogQueue queue = (LogQueue) Proxy.newProxyInstance(
            LogQueue.class.getClassLoader(), new Class<?>[] {LogQueue.class}, (queue, delay, none) -> Duration.ZERO);
    private final AlertCounting counting = new AlertCounting(
            logs, queue, book, new AlertSettings("conf/alerts.yaml", 5, 60, 30, "alert:", ""), nanos::get);
    private int ticks;

    /** Each search takes two seconds, and fails if it is one of those that never end. */
    private final class SlowLogs implements RecentLogs {
        private final Set<Expression> endless = new HashSet<>();
        private final List<Expression> searched = new ArrayList<>();
        private final Set<SourceField> tooMany = EnumSet.noneOf(SourceField.class);
        private final List<Sources> lastStoredOf = new ArrayList<>();
        private Predicate<Sources> countsForEver = sources -> false;
        private Duration shortestGap = Duration.ZERO;

        @Override
        public Reading read(Duration shortest) {
            shortestGap = shortest;
            return new Reading(now(), START.minusSeconds(86_400), List.of());
        }

        @Override
        public Map<Integer, Map<Source, Long>> counts(SortedSet<Integer> windows, Sources sources) {
            if (windows.last() > 3_600 && countsForEver.test(sources)) {
                nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
                throw new QueryTimedOutException(null);
            }
            refuse(sources);
            Source source = new Source(
                    sources.fields().contains(SourceField.APP) ? "shop" : "",
                    sources.fields().contains(SourceField.LEVEL) ? "ERROR" : "",
                    sources.fields().contains(SourceField.SERVICE) ? "checkout" : "");
            return windows.stream().collect(Collectors.toMap(window -> window, window -> Map.of(source, 7L)));
        }

        private void refuse(Sources sources) {
            boolean all = tooMany.stream()
                    .anyMatch(field -> sources.fields().contains(field)
                            && !sources.values().containsKey(field));
            if (all) {
                throw new TooManySourcesException(20_000);
            }
        }

        @Override
        public Map<Source, Instant> lastStored(Sources sources) {
            lastStoredOf.add(sources);
            refuse(sources);
            return Map.of(new Source("", "", "checkout"), START);
        }

        @Override
        public List<Part> parts(Instant from, Sources sources) {
            throw new QueryTimedOutException(null);
        }

        @Override
        public Map<String, Long> search(Expression condition, int window, Duration shortestGap, SourceField groupBy) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            if (endless.contains(condition)) {
                throw new QueryTimedOutException(null);
            }
            searched.add(condition);
            return Map.of();
        }

        @Override
        public List<String> firstAndLast(Collection<Expression> conditions, int window, Duration shortestGap) {
            throw new UnsupportedOperationException();
        }
    }

    private Instant now() {
        return START.plusSeconds(10L * ticks);
    }

    private static RuleSet rules(int n) {
        String yaml = IntStream.range(0, n)
                .mapToObj(i -> "- {name: r%1$d, match: {q: word%1$d}, threshold: 1, interval_sec: 60}\n".formatted(i))
                .collect(Collectors.joining());
        return new RuleSet(
                new RuleParser(new SearchParser(Clock.systemUTC()), 1).parse(n == 0 ? "[]" : yaml), "", START, null);
    }

    /** Ten seconds later. */
    private void tick(RuleSet rules) {
        ticks++;
        evaluation.evaluate(counting.read(rules));
    }

    private static Expression search(RuleSet rules, int n) {
        return rules.rules().get(n).match().toExpression();
    }

    @Test
    void every_search_has_its_turn_however_many_there_are_and_whichever_never_end() {
        RuleSet rules = rules(12);
        logs.endless.addAll(List.of(search(rules, 0), search(rules, 1), search(rules, 2)));

        for (int i = 0; i < 4; i++) {
            tick(rules);
        }

        assertThat(Set.copyOf(logs.searched)).hasSize(9);
        assertThat(counting.fault()).contains("r0").contains("r2").doesNotContain("r3");
    }

    private Map<String, Measure> read(String yaml) {
        ticks++;
        return counting
                .read(new RuleSet(new RuleParser(new SearchParser(Clock.systemUTC()), 1).parse(yaml), "", START, null))
                .measures()
                .stream()
                .collect(Collectors.toMap(measure -> measure.rule().name(), measure -> measure));
    }

    @Test
    void too_many_sources_keep_only_those_rules_from_being_counted_for_that_must_read_them_all() {
        logs.tooMany.add(SourceField.SERVICE);

        Map<String, Measure> measures = read("""
                ERROR: {threshold: 5, interval_sec: 60}
                checkout: {threshold: 5, interval_sec: 60}
                rules:
                  - {name: each, threshold: 5, interval_sec: 60, group_by: service}
                  - {name: each-of-two, threshold: 5, interval_sec: 60, group_by: service, match: {service: [checkout, x]}}
                  - {name: silent, absent_for: 60, match: {service: checkout}}
                  - {name: silent-each, absent_for: 60, group_by: service}
                """);

        assertThat(measures.values().stream().filter(Measure::known))
                .extracting(measure -> measure.rule().name())
                .containsExactlyInAnyOrder("ERROR", "checkout", "each-of-two", "silent");
        assertThat(measures.get("ERROR").counts()).containsExactly(Map.entry("", 7L));
        assertThat(measures.get("each-of-two").counts()).containsExactly(Map.entry("checkout", 7L));
        assertThat(counting.fault()).contains("each", "silent-each").doesNotContain("checkout", "ERROR");
        logs.tooMany.clear();
        read("ERROR: {threshold: 5, interval_sec: 60}");
        assertThat(counting.fault()).isNull();
    }

    @Test
    void numbers_of_a_day_that_take_too_long_keep_no_shorter_interval_from_being_counted() {
        logs.countsForEver = sources -> true;

        Map<String, Measure> measures = read("""
                ERROR: {threshold: 5, interval_sec: 1d}
                a: {threshold: 5, interval_sec: 12h}
                rules:
                  - {name: b, match: {app: b}, threshold: 5, interval_sec: 1d}
                  - {name: minute, match: {app: b, level: ERROR}, threshold: 5, interval_sec: 60}
                """);

        assertThat(measures.get("minute").known()).isTrue();
        assertThat(measures.values().stream().filter(measure -> !measure.known()))
                .hasSize(3);
        // the third of them wasn't tried any more
        assertThat(nanos.get()).isEqualTo(TimeUnit.SECONDS.toNanos(4));
    }

    @Test
    void numbers_that_take_too_long_each_time_come_last_and_leave_the_others_their_turn() {
        logs.countsForEver = sources -> !sources.fields().contains(SourceField.APP);
        String rules = """
                ERROR: {threshold: 5, interval_sec: 1d}
                a: {threshold: 5, interval_sec: 1d}
                rules:
                  - {name: both, match: {service: a, level: ERROR}, threshold: 5, interval_sec: 1d}
                  - {name: few, match: {app: shop}, threshold: "< 5", interval_sec: 1d, group_by: app}
                """;

        assertThat(read(rules).get("few").known()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(read(rules).get("few").known()).isTrue();
        }
        assertThat(counting.fault()).contains("ERROR", "both").doesNotContain("few");

        logs.countsForEver = sources -> false;
        assertThat(read(rules).values()).allMatch(Measure::known);
    }

    @Test
    void what_goes_quiet_is_read_at_once_for_all_that_ask_however_long_that_is_meant_to_take() {
        read("""
                - {name: a, absent_for: 60, match: {service: a}}
                - {name: b, absent_for: 1h, match: {service: b}}
                - {name: c, absent_for: 1d, match: {service: c}}
                """);

        assertThat(logs.lastStoredOf)
                .containsExactly(new RecentLogs.Sources(
                        Set.of(SourceField.SERVICE), Map.of(SourceField.SERVICE, Set.of("a", "b", "c"))));
    }

    @Test
    void when_sources_were_heard_last_is_read_only_for_rules_that_ask() {
        read("ERROR: {threshold: 5, interval_sec: 60}\nrules: [{name: few, threshold: '< 5', interval_sec: 60}]");
        assertThat(logs.lastStoredOf).isEmpty();

        read("rules: [{name: silent, absent_for: 60, match: {service: checkout}}]");
        assertThat(logs.lastStoredOf)
                .containsExactly(new RecentLogs.Sources(
                        Set.of(SourceField.SERVICE), Map.of(SourceField.SERVICE, Set.of("checkout"))));
    }

    @Test
    void an_evaluation_that_slow_searches_delay_by_a_tick_leaves_no_gap() {
        read("ERROR: {threshold: 5, interval_sec: 60}");

        assertThat(logs.shortestGap).isGreaterThan(Duration.ofSeconds(2 * 5 + 2));
    }
}
