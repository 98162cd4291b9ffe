package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

/** What is asked of a process between the moment in which it isn't ready any more and its end. */
class DrainTest {

    @Test
    void is_answered_until_the_delay_is_over() {
        Drain drain = new Drain(new ShutdownSettings(1));
        assertThat(drain.isAnswering()).as("amid its start").isFalse();

        drain.readinessChanged(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
        drain.readinessChanged(new AvailabilityChangeEvent<>(this, ReadinessState.REFUSING_TRAFFIC));
        assertThat(drain.isAnswering()).isTrue();

        drain.stop();
        assertThat(drain.isAnswering()).isFalse();
    }

    @Test
    void is_refused_at_once_without_a_delay() {
        Drain drain = new Drain(new ShutdownSettings(0));

        drain.readinessChanged(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));

        assertThat(drain.isAnswering()).isFalse();
    }
}
