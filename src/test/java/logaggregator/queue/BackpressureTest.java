package logaggregator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import logaggregator.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackpressureTest {

    private static final long LIMIT = 1_000;
    private static final long MANY_ENTRIES = 1_000_000;

    private final MeasuredQueue queue = new MeasuredQueue();
    private long seconds;
    private final Backpressure backpressure = new Backpressure(queue, LIMIT, () -> seconds * 1_000_000_000L);

    @Test
    void more_than_the_limit_is_refused_until_it_has_shrunk_to_four_fifths() {
        measure(1_000, 1);
        assertThat(backpressure.isLagging()).isFalse();
        measure(1_001, 1);
        assertThat(backpressure.isLagging()).isTrue();
        measure(1_001, 201);
        assertThat(backpressure.isLagging()).isTrue();
        measure(1_001, 202);
        assertThat(backpressure.isLagging()).isFalse();
        measure(1_900, 1_000);
        assertThat(backpressure.isLagging()).isFalse();
    }

    @Test
    void an_empty_queue_has_nothing_waiting_whatever_was_counted() {
        measure(5_000, 0);
        queue.load = new QueueLoad(0, 5_000, 0, 0);
        backpressure.measure();
        assertThat(backpressure.waiting()).isZero();

        measure(5_010, 0);
        assertThat(backpressure.waiting()).isEqualTo(10);
    }

    @Test
    void entries_of_others_that_nobody_counted_do_not_hide_what_waits() {
        queue.load = new QueueLoad(0, 0, 700, 0);
        backpressure.measure();

        measure(1_000, 700);

        assertThat(backpressure.isLagging()).isTrue();
    }

    @Test
    void no_more_can_wait_than_the_entries_hold() {
        queue.load = new QueueLoad(1, 90_000, 0, 0);
        backpressure.measure();

        assertThat(backpressure.waiting()).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 30", // nothing is stored: nobody knows
        "130, 10", // 1,200 above 80 %, 130 a second
        "1000, 2", "5000, 1", "2, 300",
    })
    void the_hint_is_the_time_until_there_is_room(int perSecond, int hint) {
        for (int second = 0; second < 200; second++) {
            seconds++;
            measure(2_000L + (long) perSecond * second, (long) perSecond * second);
        }

        assertThat(backpressure.secondsUntilRoom()).isEqualTo(hint);
    }

    @Test
    void a_counter_that_begins_anew_is_no_negative_rate() {
        seconds++;
        measure(5_000, 4_000);
        seconds++;
        measure(2_000, 0);

        assertThat(backpressure.secondsUntilRoom()).isEqualTo(30);
    }

    @Test
    void the_last_tenth_of_the_memory_is_kept_for_the_workers() {
        fill(0.89);
        assertThatCode(backpressure::requireMemory).doesNotThrowAnyException();
        fill(0.9);
        assertThatThrownBy(backpressure::requireMemory).isInstanceOf(UnavailableException.class);
        fill(0.8);
        assertThatThrownBy(backpressure::requireMemory).isInstanceOf(UnavailableException.class);
        fill(0.79);
        assertThatCode(backpressure::requireMemory).doesNotThrowAnyException();
    }

    @Test
    void a_queue_that_is_away_is_not_taken_for_full() {
        measure(5_000, 0);
        queue.away = true;

        assertThatThrownBy(backpressure::measure).isInstanceOf(UnavailableException.class);

        assertThat(backpressure.isLagging()).isFalse();
    }

    private void measure(long accepted, long settled) {
        queue.load = new QueueLoad(MANY_ENTRIES, accepted, settled, 0);
        backpressure.measure();
    }

    private void fill(double fullness) {
        queue.load = new QueueLoad(1, 1, 0, fullness);
        backpressure.measure();
    }
}
