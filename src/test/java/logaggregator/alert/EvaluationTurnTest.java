package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.UnavailableException;
import org.junit.jupiter.api.Test;

class EvaluationTurnTest {

    private final AtomicLong nanos = new AtomicLong();
    private final SharedKeys shared = new LocalKeys(nanos::get);
    private final EvaluationTurn one = turn();
    private final EvaluationTurn other = turn();

    /** Of a process that evaluates once a minute. */
    private EvaluationTurn turn() {
        return new EvaluationTurn(shared, new AlertSettings("conf/alerts.yaml", 60, 60, 30, "alert:", ""), nanos::get);
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
        pass(74);
        assertThat(one.lasts()).isTrue();
        assertThat(other.take()).isFalse();
        pass(2);
        assertThat(one.lasts()).isFalse();
        assertThat(other.take()).isTrue();
        one.pass();
        assertThat(other.lasts()).isTrue();
        pass(58);
        // the first one has not ended the turn of the other
        assertThat(one.take()).isFalse();
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
