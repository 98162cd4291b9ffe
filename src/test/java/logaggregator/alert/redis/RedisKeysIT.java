package logaggregator.alert.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import logaggregator.alert.SharedKeys.Terms;
import logaggregator.alert.SharedKeys.Turn;
import logaggregator.support.Eventually;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** At most one holds a key. */
class RedisKeysIT {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final RedisClient client = RedisClient.create(Servers.redis().url());
    private final RedisKeys keys = new RedisKeys(client);

    @AfterAll
    static void stop() {
        client.shutdown();
    }

    private boolean claim(String key, String token) {
        return keys.claim(key, token, Duration.ofSeconds(30), LONGEST);
    }

    @Test
    void one_takes_it_goes_on_holding_it_and_gives_it_back() {
        assertThat(claim("keys:one", "a")).isTrue();
        assertThat(claim("keys:one", "b")).isFalse();
        assertThat(keys.hold("keys:one", "b", LONGEST)).isFalse();
        keys.release("keys:one", "b");
        assertThat(keys.hold("keys:one", "a", LONGEST)).isTrue();
        assertThat(claim("keys:one", "b")).isFalse();
        keys.release("keys:one", "a");
        assertThat(claim("keys:one", "b")).isTrue();
    }

    @Test
    void one_that_will_be_there_for_an_hour_since_the_clock_was_set_back_keeps_nobody_waiting() {
        assertThat(keys.hold("keys:back", "a", Duration.ofHours(1))).isTrue();
        assertThat(claim("keys:back", "b")).isTrue();
        assertThat(claim("keys:back", "c")).isFalse();
    }

    private static Terms terms(Duration time) {
        return new Terms(Duration.ofSeconds(5), time, Duration.ofMinutes(2));
    }

    private Turn ask(String key, String token, long rank) {
        return keys.ask(key, token, rank, true, terms(LONGEST));
    }

    @Test
    void in_turn_it_goes_from_one_to_the_next() {
        long now = System.currentTimeMillis();
        assertThat(keys.ask("keys:turn", "a", now, false, terms(LONGEST))).isEqualTo(Turn.HAS);
        assertThat(ask("keys:turn", "b", now + 1)).isEqualTo(Turn.WAITS);
        assertThat(ask("keys:turn", "a", now)).isEqualTo(Turn.HAS);
        assertThat(ask("keys:turn", "a", now)).isEqualTo(Turn.HAS);
        assertThat(ask("keys:turn", "b", now + 1)).isEqualTo(Turn.WAITS);
        keys.passOn("keys:turn", "a");
        assertThat(ask("keys:turn", "c", now + 2)).isEqualTo(Turn.WAITS);
        assertThat(ask("keys:turn", "b", now + 1)).isEqualTo(Turn.HAS);
        assertThat(ask("keys:turn", "a", now)).isEqualTo(Turn.LOST);
        keys.passOn("keys:turn", "b");
        assertThat(ask("keys:turn", "c", now + 2)).isEqualTo(Turn.HAS);
        keys.passOn("keys:turn", "c");
        assertThat(ask("keys:turn", "b", now + 1)).isEqualTo(Turn.LOST);
        // an hour before: the clock was set back
        assertThat(ask("keys:turn", "d", now - 3_600_000)).isEqualTo(Turn.HAS);
    }

    @Test
    void in_turn_only_the_newest_of_those_waits_that_wait() {
        assertThat(ask("keys:waits", "a", 1)).isEqualTo(Turn.HAS);
        assertThat(ask("keys:waits", "b", 2)).isEqualTo(Turn.WAITS);
        assertThat(ask("keys:waits", "c", 3)).isEqualTo(Turn.WAITS);
        assertThat(ask("keys:waits", "b", 2)).isEqualTo(Turn.LOST);
        assertThat(ask("keys:waits", "c", 3)).isEqualTo(Turn.WAITS);
    }

    @Test
    void in_turn_who_is_gone_or_came_when_the_clock_was_ahead_is_passed_by() {
        Duration moment = Duration.ofMillis(50);
        assertThat(keys.ask("keys:gone", "a", 1, true, terms(moment))).isEqualTo(Turn.HAS);
        Eventually.holds(() -> ask("keys:gone", "b", 2) == Turn.HAS);

        assertThat(keys.ask("keys:ahead", "a", 1, true, terms(Duration.ofHours(1))))
                .isEqualTo(Turn.HAS);
        assertThat(ask("keys:ahead", "b", 2)).isEqualTo(Turn.HAS);
    }
}
