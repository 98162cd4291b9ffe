package logaggregator.alert.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.time.Duration;
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
}
