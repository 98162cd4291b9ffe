package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.metrics.Metrics;
import org.junit.jupiter.api.Test;

class AlertDedupTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final AlertSettings SETTINGS = new AlertSettings("conf/alerts.yaml", 5, 60, 30, "alert:", "");

    private final AtomicLong nanos = new AtomicLong();
    private final FakeSharedKeys server = new FakeSharedKeys(nanos::get);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AlertDedup one = new AlertDedup(server, SETTINGS, new Metrics(metrics), nanos::get);
    private final AlertDedup other =
            new AlertDedup(server, SETTINGS, new Metrics(new SimpleMeterRegistry()), nanos::get);

    private static AlertEvent event(String rule, boolean firing) {
        return event(rule, firing ? null : NOW);
    }

    private static AlertEvent event(String rule, Instant endedAt) {
        return Events.of(rule, 300, NOW, endedAt, NOW);
    }

    private static final AlertEvent FIRING = event("r", true);
    private static final AlertEvent OVER = event("r", false);
    private static final ChannelResult FAILED = new ChannelResult("a", false, 3, 1, "no");
    private static final ChannelResult TAKEN = new ChannelResult("b", true, 1, 1, null);
    private static final List<ChannelResult> GOOD = List.of(FAILED, TAKEN);
    private static final List<ChannelResult> BAD = List.of(FAILED);

    private static void deliver(AlertDedup dedup, AlertEvent event, List<ChannelResult> results) {
        for (ChannelResult result : results) {
            assertThat(dedup.renew(event)).isTrue();
            dedup.settle(event, result);
        }
        if (dedup.isToBeNoted(event)) {
            dedup.noted(event);
        }
        dedup.finish(event);
    }

    private void pass(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void one_process_fires_and_none_again_before_the_interval_is_over() {
        assertThat(one.claim(FIRING)).isTrue();
        assertThat(other.claim(FIRING)).isFalse();
        assertThat(one.claim(FIRING)).isFalse();
        deliver(one, FIRING, GOOD);

        pass(298);
        assertThat(other.claim(FIRING)).isFalse();
        pass(3);
        assertThat(other.claim(FIRING)).isTrue();
    }

    @Test
    void if_no_channel_took_it_it_fires_at_once_again() {
        one.claim(FIRING);
        deliver(one, FIRING, BAD);
        assertThat(other.claim(FIRING)).isTrue();
        deliver(other, FIRING, List.of());
        assertThat(one.claim(FIRING)).isTrue();
        one.finish(FIRING);
        assertThat(other.claim(FIRING)).isTrue();
    }

    @Test
    void an_alert_counts_as_told_when_a_channel_took_it() {
        one.claim(FIRING);
        deliver(one, FIRING, BAD);
        assertThat(firings()).isZero();
        one.claim(FIRING);
        assertThat(firings()).isZero();
        deliver(one, FIRING, GOOD);
        assertThat(firings()).isEqualTo(1);
    }

    private double firings() {
        return metrics.find("logaggregator.alerts.fired").tag("kind", "firing").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void it_is_told_once_however_many_channels_take_it() {
        one.claim(FIRING);
        one.settle(FIRING, FAILED);
        assertThat(one.isToBeNoted(FIRING)).isFalse();
        one.settle(FIRING, TAKEN);
        one.settle(FIRING, TAKEN);
        assertThat(one.isToBeNoted(FIRING)).isTrue();
        assertThat(firings()).isEqualTo(1);
        one.noted(FIRING);
        assertThat(one.isToBeNoted(FIRING)).isFalse();
    }

    @Test
    void what_a_channel_took_is_known_when_all_have_had_a_second_for_it() {
        one.claim(FIRING);
        one.claim(event("s", true));
        pass(5);
        one.settle(FIRING, TAKEN);
        assertThat(one.toBeNoted()).isEmpty();
        pass(2);
        assertThat(one.toBeNoted()).containsExactly(FIRING);
        one.noted(FIRING);
        assertThat(one.toBeNoted()).isEmpty();
    }

    @Test
    void when_a_process_ends_before_it_is_known_that_a_channel_took_it_another_one_tells_it() {
        for (AlertEvent event : List.of(FIRING, OVER)) {
            one.claim(event);
            one.settle(event, TAKEN);
            pass(61);
            assertThat(other.claim(event)).isTrue();
        }
    }

    @Test
    void what_is_noted_is_kept_no_longer_than_its_interval_though_it_can_not_be_recorded() {
        one.claim(FIRING);
        one.settle(FIRING, TAKEN);
        pass(10);
        one.noted(FIRING);
        pass(280);
        one.keep(FIRING);
        pass(11);
        assertThat(other.claim(FIRING)).isTrue();
    }

    @Test
    void what_no_channel_took_is_not_kept_from_others_for_long_though_that_can_not_be_recorded() {
        one.claim(FIRING);
        one.settle(FIRING, FAILED);
        one.keep(FIRING);
        pass(61);
        assertThat(other.claim(FIRING)).isTrue();
    }

    @Test
    void what_was_told_is_not_told_again_at_once_though_its_note_fails() {
        one.claim(FIRING);
        one.settle(FIRING, TAKEN);
        one.finish(FIRING);

        assertThat(other.claim(FIRING)).isFalse();
        assertThat(one.claim(FIRING)).isFalse();
        pass(301);
        assertThat(other.claim(FIRING)).isTrue();
    }

    @Test
    void a_channel_that_hangs_keeps_neither_the_end_nor_the_next_firing_from_the_others() {
        one.claim(FIRING);
        one.settle(FIRING, TAKEN);
        one.noted(FIRING);

        assertThat(one.renew(FIRING)).isTrue();
        assertThat(other.claim(OVER)).isTrue();
        pass(301);
        assertThat(one.claim(event("r", true))).isTrue();
    }

    @Test
    void what_is_so_late_that_there_may_be_something_newer_is_not_told() {
        one.claim(FIRING);
        one.settle(FIRING, TAKEN);
        one.noted(FIRING);
        pass(119);
        assertThat(one.renew(FIRING)).isTrue();
        pass(2);
        assertThat(one.renew(FIRING)).isFalse();
    }

    @Test
    void when_a_process_ends_before_it_has_told_anybody_another_one_fires() {
        one.claim(FIRING);
        pass(59);
        assertThat(other.claim(FIRING)).isFalse();
        pass(2);
        assertThat(other.claim(FIRING)).isTrue();
        // the first one was only slow
        assertThat(one.renew(FIRING)).isFalse();
    }

    @Test
    void while_what_was_told_can_not_be_noted_nobody_tells_it() {
        for (AlertEvent event : List.of(FIRING, OVER)) {
            one.claim(event);
            one.settle(event, TAKEN);
            for (int minute = 0; minute < 30; minute++) {
                pass(50);
                one.keepAll();
                assertThat(other.claim(event)).isFalse();
            }
            one.noted(event);
            one.finish(event);
        }
        assertThat(other.claim(FIRING)).isTrue();
    }

    @Test
    void an_end_is_told_once_also_by_who_still_takes_it_for_untold() {
        one.claim(OVER);
        deliver(one, OVER, BAD);
        assertThat(other.claim(OVER)).isTrue();
        deliver(other, OVER, GOOD);

        assertThat(one.claim(OVER)).isFalse();
        pass(120);
        assertThat(one.claim(OVER)).isFalse();
        assertThat(one.claim(event("r", NOW.plusSeconds(300)))).isTrue();
    }

    @Test
    void without_redis_each_process_fires_once() {
        server.down = true;
        for (AlertDedup process : List.of(one, other)) {
            assertThat(process.claim(FIRING)).isTrue();
            deliver(process, FIRING, GOOD);
            assertThat(process.claim(FIRING)).isFalse();
        }
    }

    @Test
    void a_redis_that_goes_or_comes_back_empty_makes_no_process_fire_twice() {
        one.claim(FIRING);
        server.down = true;
        deliver(one, FIRING, GOOD);
        assertThat(one.claim(FIRING)).isFalse();
        server.down = false;
        pass(250);
        assertThat(one.claim(FIRING)).isFalse();
    }

    @Test
    void what_is_still_on_its_way_is_not_told_a_second_time_whatever_became_of_its_keys() {
        one.claim(FIRING);
        pass(61);
        assertThat(one.claim(FIRING)).isFalse();
        assertThat(one.renew(FIRING)).isFalse();
        one.finish(FIRING);
        assertThat(one.claim(FIRING)).isTrue();
    }

    @Test
    void what_got_lost_on_its_way_does_not_keep_an_alert_quiet_for_ever() {
        one.claim(FIRING);
        pass(2 * 3_600 + 1);
        assertThat(one.claim(FIRING)).isTrue();
    }

    @Test
    void other_alerts_are_other_alerts() {
        assertThat(one.claim(FIRING)).isTrue();
        assertThat(one.claim(event("s", true))).isTrue();
    }

    @Test
    void there_is_an_end_to_how_many_are_told_at_once() {
        List<AlertEvent> claimed = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            AlertEvent event = event("r" + i, true);
            if (one.claim(event)) {
                claimed.add(event);
            }
        }
        assertThat(claimed).hasSize(100);
        // others may still hang on it
        one.settle(claimed.get(0), TAKEN);
        assertThat(one.claim(event("r499", true))).isFalse();
        one.noted(claimed.get(0));
        assertThat(one.claim(event("r499", true))).isTrue();
        assertThat(one.claim(event("r498", true))).isFalse();
    }

    @Test
    void there_is_an_end_to_how_many_a_channel_may_be_behind() {
        int claimed = 0;
        for (int i = 0; i < 1_000; i++) {
            AlertEvent event = event("r" + i, true);
            if (one.claim(event)) {
                claimed++;
                one.settle(event, TAKEN);
                one.noted(event);
            }
        }
        assertThat(claimed).isEqualTo(500);
    }

    @Test
    void what_can_not_be_told_again_and_again_keeps_nothing_else_waiting() {
        List<AlertEvent> events = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            events.add(event("r" + i, true));
        }
        events.add(event("other", true));

        // there is room for a hundred at a time
        List<AlertEvent> first = one.inTurn(events).stream().filter(one::claim).toList();
        assertThat(first).hasSize(100).doesNotContain(events.get(150));
        first.forEach(event -> deliver(one, event, BAD));
        pass(5);

        assertThat(one.inTurn(events).stream().filter(one::claim)).hasSize(100).contains(events.get(150));
    }
}
