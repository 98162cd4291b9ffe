package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.alert.SharedKeys.Turn;
import org.junit.jupiter.api.Test;

class ChannelTurnsTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final AlertSettings SETTINGS = new AlertSettings("conf/alerts.yaml", 5, 60, 30, "alert:", "");
    private static final NotifySettings NOTIFY = new NotifySettings(12_000, 3_000);
    private static final AlertEvent FIRST = event("r", 0);
    private static final AlertEvent SECOND = event("r", 5);
    private static final AlertEvent THIRD = event("r", 10);

    private final AtomicLong nanos = new AtomicLong();
    private final FakeSharedKeys server = new FakeSharedKeys(nanos::get);
    private final ChannelTurns one = new ChannelTurns(server, SETTINGS, NOTIFY, nanos::get);
    private final ChannelTurns other = new ChannelTurns(server, SETTINGS, NOTIFY, nanos::get);

    private static AlertEvent event(String rule, int second) {
        return Events.of(rule, 300, NOW, null, NOW.plusSeconds(second));
    }

    private void pass(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void what_comes_later_waits_for_what_is_under_way_at_that_channel_alone() {
        assertThat(one.ask(FIRST, "slow")).isEqualTo(Turn.HAS);
        for (ChannelTurns process : List.of(one, other)) {
            assertThat(process.ask(SECOND, "slow")).isEqualTo(Turn.WAITS);
            process.pass(SECOND, "slow");
        }
        assertThat(one.ask(SECOND, "quick")).isEqualTo(Turn.HAS);
        assertThat(one.ask(event("s", 5), "slow")).isEqualTo(Turn.HAS);

        one.pass(FIRST, "slow");
        assertThat(other.ask(SECOND, "slow")).isEqualTo(Turn.HAS);
    }

    @Test
    void what_comes_late_is_not_told_after_something_newer() {
        for (ChannelTurns process : List.of(one, other)) {
            String channel = process == one ? "own" : "others";
            assertThat(one.ask(SECOND, channel)).isEqualTo(Turn.HAS);
            assertThat(process.ask(FIRST, channel)).isEqualTo(Turn.LOST);
            one.pass(SECOND, channel);
            pass(60);
            assertThat(process.ask(FIRST, channel)).isEqualTo(Turn.LOST);
            assertThat(process.ask(THIRD, channel)).isEqualTo(Turn.HAS);
        }
    }

    @Test
    void a_clock_that_was_set_back_makes_nothing_late() {
        one.ask(FIRST, "c");
        one.pass(FIRST, "c");
        assertThat(one.ask(event("r", -3_600), "c")).isEqualTo(Turn.HAS);
    }

    @Test
    void of_those_that_wait_the_newest_is_told() {
        for (ChannelTurns process : List.of(one, other)) {
            String channel = process == one ? "own" : "others";
            one.ask(FIRST, channel);
            assertThat(one.ask(SECOND, channel)).isEqualTo(Turn.WAITS);
            assertThat(process.ask(THIRD, channel)).isEqualTo(Turn.WAITS);
            assertThat(one.ask(SECOND, channel)).isEqualTo(Turn.LOST);
            one.pass(FIRST, channel);
            assertThat(process.ask(THIRD, channel)).isEqualTo(Turn.HAS);
        }
    }

    @Test
    void those_that_wait_come_in_the_order_in_which_they_were_found() {
        for (ChannelTurns process : List.of(one, other)) {
            String channel = process == one ? "own" : "others";
            one.ask(FIRST, channel);
            assertThat(one.ask(SECOND, channel)).isEqualTo(Turn.WAITS);
            assertThat(process.ask(THIRD, channel)).isEqualTo(Turn.WAITS);
            one.pass(FIRST, channel);
            assertThat(process.ask(THIRD, channel)).isEqualTo(Turn.WAITS);
            assertThat(one.ask(SECOND, channel)).isEqualTo(Turn.HAS);
            one.pass(SECOND, channel);
            assertThat(process.ask(THIRD, channel)).isEqualTo(Turn.HAS);
        }
    }

    @Test
    void who_ends_in_its_turn_or_while_it_waits_keeps_nobody_waiting_for_ever() {
        one.ask(FIRST, "c");
        one.ask(SECOND, "c");
        pass(33);
        assertThat(other.ask(THIRD, "c")).isEqualTo(Turn.WAITS);
        pass(2);
        assertThat(other.ask(THIRD, "c")).isEqualTo(Turn.HAS);
    }

    @Test
    void without_redis_each_process_keeps_its_own_in_order() {
        server.down = true;
        assertThat(one.ask(FIRST, "c")).isEqualTo(Turn.HAS);
        assertThat(one.ask(SECOND, "c")).isEqualTo(Turn.WAITS);
        assertThat(other.ask(SECOND, "c")).isEqualTo(Turn.HAS);
        one.pass(FIRST, "c");
        assertThat(one.ask(SECOND, "c")).isEqualTo(Turn.HAS);
    }

    @Test
    void a_redis_that_comes_back_makes_nobody_wait_for_each_other() {
        server.down = true;
        one.ask(FIRST, "c");
        one.ask(SECOND, "c");
        one.ask(THIRD, "c");
        server.down = false;
        // whoever asks first
        assertThat(one.ask(THIRD, "c")).isEqualTo(Turn.WAITS);
        one.pass(FIRST, "c");
        assertThat(one.ask(THIRD, "c")).isEqualTo(Turn.WAITS);
        assertThat(one.ask(SECOND, "c")).isEqualTo(Turn.HAS);
        one.pass(SECOND, "c");
        assertThat(one.ask(THIRD, "c")).isEqualTo(Turn.HAS);
    }

    @Test
    void a_channel_that_goes_on_with_what_was_given_up_still_has_its_turn() {
        one.ask(FIRST, "c");
        CompletableFuture<Void> left = new CompletableFuture<>();
        one.passAfter(left::thenRun, FIRST, "c");
        assertThat(other.ask(SECOND, "c")).isEqualTo(Turn.WAITS);
        left.complete(null);
        assertThat(other.ask(SECOND, "c")).isEqualTo(Turn.HAS);
        other.passAfter(null, SECOND, "c");
        assertThat(one.ask(THIRD, "c")).isEqualTo(Turn.HAS);
    }
}
