package logaggregator.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import logaggregator.UnavailableException;
import org.junit.jupiter.api.Test;

class QuotasTest {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final Quota QUOTA = new Quota("somebody", 1_000, Duration.ofMinutes(1));

    private long now = 12_345;
    private final Server server = new Server();
    private final Quotas one = new Quotas(server, () -> now);
    private final Quotas two = new Quotas(server, () -> now);

    /** Stands in for Redis. */
    private final class Server implements SharedUse {

        private final Map<String, LocalUse> uses = new HashMap<>();
        private boolean isAway;
        private boolean isSilent;
        private int asked;

        @Override
        public Taken take(Quota quota, long before, int amount) {
            asked++;
            if (isAway) {
                throw new UnavailableException("made by a test", null);
            }
            Taken taken = uses.computeIfAbsent(quota.owner(), owner -> new LocalUse(quota))
                    .take(before, amount, now);
            if (isSilent) {
                throw new UnavailableException("the answer is lost", null);
            }
            return taken;
        }
    }

    /** Each tries to take as much as it can, one by one, for so long. */
    private int takeAll(long millis) {
        int taken = 0;
        for (long end = now + millis; now < end; now += 10) {
            taken += one.take(QUOTA, 1).allowed() ? 1 : 0;
            taken += two.take(QUOTA, 1).allowed() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void two_processes_give_together_what_one_would_in_each_minute_whenever_it_begins() {
        Random random = new Random(11);
        TreeMap<Long, Integer> taken = new TreeMap<>();
        for (long end = now + 10 * MINUTE; now < end; now += random.nextInt(100)) {
            int amount = 1 + random.nextInt(20);
            boolean allowed =
                    (random.nextBoolean() ? one : two).take(QUOTA, amount).allowed();
            taken.merge(now, allowed ? amount : 0, Integer::sum);
        }

        taken.keySet().forEach(from -> assertThat(taken.subMap(from, from + MINUTE).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isLessThanOrEqualTo(1_050));
        assertThat(taken.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(9_000);
    }

    @Test
    void most_of_the_time_nobody_is_asked() {
        for (int i = 0; i < 900; i++) {
            assertThat(one.take(QUOTA, 1).left()).isEqualTo(999 - i);
        }

        assertThat(server.asked).isLessThan(100);
    }

    @Test
    void whoever_has_nothing_left_is_refused_without_asking_and_told_when_to_come_again() {
        one.take(QUOTA, 1_000);
        assertThat(one.take(QUOTA, 1).allowed()).isFalse();
        int asked = server.asked;

        for (int i = 0; i < 10_000; i++) {
            assertThat(one.take(QUOTA, 1).allowed()).isFalse();
        }

        assertThat(server.asked).isEqualTo(asked);
        int seconds = one.usedUp(QUOTA).secondsToWait();
        assertThat(seconds).isBetween(60, 61);
        now += seconds * 1_000L;
        assertThat(one.usedUp(QUOTA)).isNull();
        assertThat(one.take(QUOTA, 1_000).allowed()).isTrue();
    }

    @Test
    void what_one_process_gives_back_another_may_take_at_once() {
        one.take(QUOTA, 1_000);
        assertThat(two.take(QUOTA, 1).allowed()).isFalse();
        now += 1_000;

        one.giveBack(QUOTA, 1_000);

        assertThat(two.take(QUOTA, 1_000).allowed()).isTrue();
        now += 1_000;
        assertThat(one.take(QUOTA, 1).allowed()).isFalse();
    }

    @Test
    void what_could_not_be_given_back_is_not_given_back_of_what_others_take_later() {
        one.take(QUOTA, 1_000);
        server.isAway = true;
        one.giveBack(QUOTA, 1_000);
        server.isAway = false;
        now += 5 * MINUTE;

        assertThat(two.take(QUOTA, 1_000).allowed()).isTrue();

        assertThat(one.take(QUOTA, 1).allowed()).isFalse();
    }

    @Test
    void nothing_is_given_back_twice_when_an_answer_is_lost() {
        one.take(QUOTA, 600);
        server.isSilent = true;
        one.giveBack(QUOTA, 300);
        server.isSilent = false;
        now += 2_000;

        assertThat(one.take(QUOTA, 700).allowed()).isTrue();
        assertThat(one.take(QUOTA, 1).allowed()).isFalse();
    }

    @Test
    void alone_each_process_gives_no_more_than_the_quota() {
        server.isAway = true;

        assertThat(takeAll(MINUTE)).isEqualTo(2_000);
        assertThat(takeAll(1_000)).isLessThanOrEqualTo(100);
        assertThat(server.asked).isLessThan(150);
    }

    @Test
    void what_was_taken_here_counts_when_the_others_are_lost() {
        one.take(QUOTA, 1_000);
        server.isAway = true;
        now += 2_000;

        assertThat(one.take(QUOTA, 1).allowed()).isFalse();
    }

    /** What was taken alone counts for a minute, not for as long as it took. */
    @Test
    void a_long_time_alone_is_not_paid_for_afterwards() {
        server.isAway = true;
        takeAll(10 * MINUTE);
        server.isAway = false;
        now += 2_000;

        takeAll(2 * MINUTE);
        now += 2 * MINUTE;

        assertThat(one.take(QUOTA, 1_000).allowed()).isTrue();
    }

    @Test
    void a_million_owners_take_no_more_memory_than_some_thousand() {
        for (int i = 0; i < 1_000_000; i++) {
            one.take(new Quota("address-" + i, 100, Duration.ofMinutes(1)), 1);
            server.uses.clear();
        }

        assertThat(one.owners()).isLessThanOrEqualTo(Quotas.MAX_OWNERS);
    }
}
