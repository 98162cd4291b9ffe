package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.UnavailableException;
import logaggregator.search.SearchParser;
import org.junit.jupiter.api.Test;

class EvaluationTurnTest {

    private final AtomicLong nanos = new AtomicLong();
    private final SharedKeys shared = new LocalKeys(nanos::get);
    private final FakeAlertBook book = new FakeAlertBook();
    private final EvaluationTurn one = turn();
    private final EvaluationTurn other = turn();

    /** Of a process that evaluates once a minute. */
    private EvaluationTurn turn() {
        return new EvaluationTurn(
                shared, book, new AlertSettings("conf/alerts.yaml", 60, 60, 30, "alert:", ""), nanos::get);
    }

    /** What is found by an evaluation at this time, which is noted. */
    private AlertEvent evaluate(Instant at) {
        Measured measured =
                new Measured(at, book.lastEvaluation(), Instant.EPOCH, List.of(), Duration.ZERO, List.of(), true);
        assertThat(book.save(List.of(), measured)).isTrue();
        AlertRule rule = new RuleParser(new SearchParser(Clock.systemUTC()), 1)
                .parse("ERROR: {threshold: 1, interval_sec: 60}")
                .get(0);
        return new AlertEvent(rule, "", 1, at, null, 60, at);
    }

    @Test
    void one_process_has_it_and_none_again_at_once() {
        assertThat(one.take()).isTrue();
        assertThat(one.take()).isFalse();
        assertThat(other.take()).isFalse();
        one.pass();
        assertThat(one.take()).isFalse();
        assertThat(other.take()).isFalse();
    }

    @Test
    void who_was_held_up_until_another_had_the_turn_knows() {
        assertThat(one.take()).isTrue();
        AlertEvent found = evaluate(Instant.ofEpochSecond(1));
        pass(74);
        assertThat(one.lasts(found)).isTrue();
        assertThat(other.take()).isFalse();
        pass(2);
        assertThat(other.take()).isTrue();
        AlertEvent foundByOther = evaluate(Instant.ofEpochSecond(77));
        assertThat(one.lasts(found)).isFalse();
        one.pass();
        assertThat(other.lasts(foundByOther)).isTrue();
        pass(58);
        // the first one has not ended the turn of the other
        assertThat(one.take()).isFalse();
    }

    @Test
    void an_evaluation_that_takes_longer_than_it_should_counts_if_no_other_process_has_evaluated() {
        assertThat(one.take()).isTrue();
        pass(100);
        AlertEvent found = evaluate(Instant.ofEpochSecond(100));
        assertThat(one.lasts(found)).isTrue();
        assertThat(other.take()).isTrue();
        assertThat(one.lasts(found)).isTrue();
    }

    @Test
    void who_was_held_up_and_cannot_ask_whether_another_had_the_turn_tells_nothing() {
        assertThat(one.take()).isTrue();
        AlertEvent found = evaluate(Instant.ofEpochSecond(1));
        book.away = true;
        assertThat(one.lasts(found)).isTrue();
        pass(76);
        assertThat(one.lasts(found)).isFalse();
    }

    @Test
    void a_tick_that_comes_during_an_evaluation_makes_the_next_turn_no_later() {
        assertThat(one.take()).isTrue();
        pass(40);
        assertThat(one.take()).isFalse();
        one.pass();
        pass(9);
        // four fifths of a minute after it began
        assertThat(other.take()).isTrue();
    }

    private void pass(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void a_failure_is_shown_until_it_goes_well() {
        one.take();
        one.fail(new UnavailableException("PostgreSQL: no answer from 10.0.0.7", null));
        assertThat(one.fault()).contains("database").doesNotContain("10.0.0.7");
        one.pass();
        assertThat(one.fault()).isNull();

        one.fail(new IllegalStateException("a bug"));
        assertThat(one.fault()).contains("the log says why").doesNotContain("a bug");
    }
}
