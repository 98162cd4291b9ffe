package logaggregator.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import logaggregator.limit.Quota;
import logaggregator.limit.Taken;
import logaggregator.support.RedisConsole;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisUseIT {

    private static RedisClient client;
    private static RedisUse use;

    @BeforeAll
    static void connect() {
        client = RedisClient.create(Servers.redis().url());
        use = new RedisUse(client, "use-it");
    }

    @AfterAll
    static void end() {
        client.shutdownAsync(); // may never end (https://github.com/redis/lettuce/issues/2278)
    }

    @Test
    void counts_what_was_taken_before_what_is_taken_and_what_is_given_back() {
        Quota quota = new Quota("counted", 1_000, Duration.ofHours(1));
        Random random = new Random(5);
        int used = 0;
        for (int i = 0; i < 500; i++) {
            int before = Math.max(-used, random.nextInt(60) - 40);
            int wanted = random.nextInt(60);

            Taken taken = use.take(quota, before, wanted);

            used += before;
            boolean allowed = used + wanted <= 1_000;
            used += allowed ? wanted : 0;
            assertThat(taken.allowed()).isEqualTo(allowed);
            assertThat(taken.left()).isEqualTo(Math.max(0, 1_000 - used));
            assertThat(taken.millisToEnough() > 0).isEqualTo(!allowed);
            assertThat(taken.millisToMore() > 0).isEqualTo(used >= 1_000);
            assertThat(taken.millisToAll()).isBetween(0L, Duration.ofMinutes(61).toMillis());
        }
    }

    /** Whenever it begins, and however long an answer takes: what was certainly taken within a window is no more. */
    @Test
    void in_no_window_is_more_given_than_the_quota() {
        record Given(long asked, long told) {}
        long window = 600;
        Quota quota = new Quota("windows", 50, Duration.ofMillis(window));
        List<Given> given = new ArrayList<>();
        long begin = System.nanoTime();
        while (millisSince(begin) < 4 * window) {
            long asked = millisSince(begin);
            if (use.take(quota, 0, 1).allowed()) {
                given.add(new Given(asked, millisSince(begin)));
            }
        }

        assertThat(given).hasSizeGreaterThan(quota.amount());
        given.forEach(first -> assertThat(given.stream()
                        .filter(one -> one.asked() >= first.asked() && one.told() < first.asked() + window))
                .hasSizeLessThanOrEqualTo(quota.amount()));
    }

    @Test
    void what_is_used_is_forgotten_when_it_does_not_count_any_more() {
        use.take(new Quota("forgotten", 10, Duration.ofMinutes(1)), 0, 1);

        assertThat(RedisConsole.<Long>ask(Servers.redis(), redis -> redis.pttl("use-it:quota:forgotten")))
                .isBetween(1L, 62_000L);
    }

    private static long millisSince(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis();
    }
}
