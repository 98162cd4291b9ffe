package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.QueryTimedOutException;
import logaggregator.queue.LogQueue;
import logaggregator.search.Expression;
import logaggregator.search.SearchParser;
import logaggregator.store.RecentLogs;
import org.junit.jupiter.api.Test;

/** Searches that there is no time for: which come first, and from when on they look at logs. */
class AlertCountingTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final FakeAlertBook book = new FakeAlertBook();
    private final SlowLogs logs = new SlowLogs();
    private final AlertEvaluation evaluation = new AlertEvaluation(book);
    private final AlertCounting counting = process();
    private int ticks;

    private AlertCounting process() {
        LogQueue queue = null; // is asked only for rules of another kind
        return new AlertCounting(
                logs, queue, book, new AlertSettings("conf/alerts.yaml", 5, 60, 30, "alert:", ""), nanos::get);
    }

    /** Each search takes two seconds, and fails if it is one of those that never end. */
    private final class SlowLogs implements RecentLogs {
        private final Set<Expression> endless = new HashSet<>();
        private final List<Expression> searched = new ArrayList<>();
        private final List<Instant> lookedBackTo = new ArrayList<>();
        private boolean looksBackForEver;

        @Override
        public Reading read(SortedSet<Integer> windows, Duration shortestGap) {
            return new Reading(now(), START.minusSeconds(86_400), List.of(), Map.of(), Map.of());
        }

        @Override
        public Map<String, Long> search(Expression condition, int window, SourceField groupBy) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            if (endless.contains(condition)) {
                throw new QueryTimedOutException(null);
            }
            searched.add(condition);
            return Map.of();
        }

        @Override
        public List<Part<String>> searchParts(Expression condition, Instant from, SourceField groupBy) {
            lookedBackTo.add(from);
            if (looksBackForEver) {
                throw new QueryTimedOutException(null);
            }
            return List.of(new Part<>(from.plusSeconds(60), from.plusSeconds(61), "", 1));
        }

        @Override
        public List<Part<Source>> parts(Instant from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> firstAndLast(Collection<Expression> conditions, int window) {
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
    private List<AlertEvent> tick(AlertCounting process, RuleSet rules) {
        ticks++;
        return evaluation.evaluate(process.read(rules));
    }

    private static Expression search(RuleSet rules, int n) {
        return rules.rules().get(n).match().toExpression();
    }

    @Test
    void every_search_has_its_turn_however_many_there_are_and_whichever_never_end() {
        RuleSet rules = rules(12);
        logs.endless.addAll(List.of(search(rules, 0), search(rules, 1), search(rules, 2)));

        for (int i = 0; i < 4; i++) {
            tick(counting, rules);
        }

        assertThat(Set.copyOf(logs.searched)).hasSize(9);
        assertThat(counting.fault()).contains("r0").contains("r2").doesNotContain("r3");
    }

    @Test
    void what_was_stored_while_there_was_no_time_for_a_search_is_looked_at_whichever_process_does() {
        RuleSet rules = rules(1);
        tick(counting, rules(0));
        tick(counting, rules);
        logs.endless.add(search(rules, 0));
        AlertCounting other = process();
        for (int i = 0; i < 10; i++) {
            tick(i % 2 == 0 ? counting : other, rules);
        }
        logs.endless.clear();

        assertThat(tick(other, rules)).hasSize(1);
        assertThat(logs.lookedBackTo).containsExactly(START.plusSeconds(20 - 60));
    }

    @Test
    void a_rule_that_is_new_and_has_no_time_yet_is_looked_at_from_its_beginning_on() {
        tick(counting, rules(0));
        RuleSet rules = rules(1);
        logs.endless.add(search(rules, 0));
        for (int i = 0; i < 10; i++) {
            tick(counting, rules);
        }
        logs.endless.clear();
        tick(counting, rules);

        assertThat(logs.lookedBackTo).containsExactly(START.plusSeconds(10 - 60));
    }

    @Test
    void a_look_back_that_never_ends_hides_what_comes_in_for_three_ticks_only() {
        RuleSet rules = rules(1);
        tick(counting, rules);
        ticks += 100;
        logs.looksBackForEver = true;

        for (int i = 0; i < 3; i++) {
            assertThat(book.lastEvaluation().searched()).containsValue(START.plusSeconds(10));
            tick(counting, rules);
        }
        assertThat(book.lastEvaluation().searched()).containsValue(now());
    }
}
