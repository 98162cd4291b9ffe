package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.UnavailableException;
import logaggregator.search.Expression;
import org.junit.jupiter.api.Test;

class ChannelTurnsTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final AlertSettings SETTINGS = new AlertSettings("conf/alerts.yaml", 5, 60, 30, "alert:", "");
    private static final NotifySettings NOTIFY = new NotifySettings(12_000, 3_000);
    private static final AlertEvent FIRST = event("r", 0);
    private static final AlertEvent SECOND = event("r", 5);
    private static final AlertEvent THIRD = event("r", 10);

    private final AtomicLong nanos = new AtomicLong();
    private final Server server = new Server();
    private final ChannelTurns one = new ChannelTurns(server, SETTINGS, NOTIFY, nanos::get);
    private final ChannelTurns other = new ChannelTurns(server, SETTINGS, NOTIFY, nanos::get);

    /** Keys that all processes share, as long as it is up. */
    private final class Server implements SharedKeys {
        private final LocalKeys keys = new LocalKeys(nanos::get);
        private boolean down;

        private LocalKeys keys() {
            if (down) {
                throw new UnavailableException("down", null);
            }
            return keys;
        }

        @Override
        public boolean claim(String key, String token, Duration time, Duration longest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hold(String key, String token, Duration time) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release(String key, String token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean claimInTurn(String key, String token, long rank, Duration patience, Duration time) {
            return keys().claimInTurn(key, token, rank, patience, time);
        }

        @Override
        public void passOn(String key, String token) {
            keys().passOn(key, token);
        }
    }

    private static AlertEvent event(String rule, int second) {
        return new AlertEvent(
                new AlertRule(
                        rule,
                        new Match(List.of(), List.of(), List.of(), "", Expression.ALL),
                        new Condition.AtLeast(1),
                        300,
                        null,
                        "warning",
                        List.of(),
                        new MessageTemplate("m"),
                        300),
                "",
                1,
                NOW,
                null,
                300,
                NOW.plusSeconds(second));
    }

    private void pass(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void what_comes_later_waits_for_what_is_under_way_at_that_channel_alone() {
        assertThat(one.mustWait(FIRST, "slow")).isFalse();
        for (ChannelTurns process : List.of(one, other)) {
            assertThat(process.mustWait(SECOND, "slow")).isTrue();
            process.pass(SECOND, "slow");
        }
        assertThat(one.mustWait(SECOND, "quick")).isFalse();
        assertThat(one.mustWait(event("s", 5), "slow")).isFalse();

        one.pass(FIRST, "slow");
        assertThat(other.mustWait(SECOND, "slow")).isFalse();
    }

    @Test
    void those_that_wait_come_in_the_order_in_which_they_were_found() {
        one.mustWait(FIRST, "c");
        assertThat(other.mustWait(THIRD, "c")).isTrue();
        assertThat(one.mustWait(SECOND, "c")).isTrue();
        one.pass(FIRST, "c");

        assertThat(other.mustWait(THIRD, "c")).isTrue();
        assertThat(one.mustWait(SECOND, "c")).isFalse();
        // and nobody goes past who has its turn
        assertThat(other.mustWait(event("r", -60), "c")).isTrue();
        one.pass(SECOND, "c");
        other.pass(event("r", -60), "c");
        assertThat(other.mustWait(THIRD, "c")).isFalse();
    }

    @Test
    void who_ends_in_its_turn_or_while_it_waits_keeps_nobody_waiting_for_ever() {
        one.mustWait(FIRST, "c");
        one.mustWait(SECOND, "c");
        pass(21);
        assertThat(other.mustWait(THIRD, "c")).isTrue();
        pass(2);
        assertThat(other.mustWait(THIRD, "c")).isFalse();
    }

    @Test
    void without_redis_each_process_keeps_its_own_in_order() {
        server.down = true;
        assertThat(one.mustWait(FIRST, "c")).isFalse();
        assertThat(one.mustWait(SECOND, "c")).isTrue();
        assertThat(other.mustWait(SECOND, "c")).isFalse();
        one.pass(FIRST, "c");
        assertThat(one.mustWait(SECOND, "c")).isFalse();
    }
}
