package logaggregator.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import logaggregator.UnavailableException;
import logaggregator.limit.Quota;
import logaggregator.limit.Taken;
import logaggregator.support.Breakpoint;
import logaggregator.support.RedisConsole;
import logaggregator.support.Servers;
import logaggregator.support.TcpProxy;
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

    @Test
    void what_was_noted_before_the_clock_was_set_back_counts_for_one_window_more() {
        Quota quota = new Quota("ahead", 10, Duration.ofMinutes(1));
        long inAnHour = System.currentTimeMillis() / quota.partMillis() + 3_600;
        RedisConsole.ask(Servers.redis(), redis -> redis.hset("use-it:quota:ahead", Long.toString(inAnHour), "10"));

        Taken refused = use.take(quota, 0, 1);

        assertThat(refused.allowed()).isFalse();
        assertThat(refused.millisToEnough()).isBetween(1L, 61_000L);
        assertThat(use.take(quota, -10, 10).allowed()).isTrue();
    }

    @Test
    void a_connection_over_which_nothing_comes_any_more_is_replaced() {
        try (TcpProxy network = new TcpProxy(URI.create(Servers.redis().url()).getPort())) {
            RedisClient other = RedisClient.create("redis://127.0.0.1:" + network.port());
            RedisUse there = new RedisUse(other, "use-silent");
            Quota quota = new Quota("silent", 10, Duration.ofMinutes(1));
            assertThat(there.take(quota, 0, 1).left()).isEqualTo(9);
            Breakpoint silence = network.breakAt(Breakpoint.Where.BEFORE, "EVAL");

            assertThatThrownBy(() -> there.take(quota, 0, 1)).isInstanceOf(UnavailableException.class);

            assertThat(silence.isReached()).isTrue();
            assertThat(there.take(quota, 0, 1).left()).isEqualTo(8);
            silence.cut();
            other.shutdown();
        }
    }

    private static long millisSince(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis();
    }
}
