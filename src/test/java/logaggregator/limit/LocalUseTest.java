package logaggregator.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LocalUseTest {

    private static final long WINDOW = Duration.ofMinutes(1).toMillis();
    private static final Quota QUOTA = new Quota("somebody", 1_000, Duration.ofMinutes(1));

    private final LocalUse use = new LocalUse(QUOTA);

    @Test
    void at_the_end_of_a_minute_and_at_the_begin_of_the_next_not_twice_as_much_is_given() {
        assertThat(use.take(0, 1_000, WINDOW - 1).allowed()).isTrue();

        assertThat(use.take(0, 1, WINDOW).allowed()).isFalse();
        assertThat(use.take(0, 1, 2 * WINDOW - 2).allowed()).isFalse();
        assertThat(use.take(0, 1_000, 2 * WINDOW + 1_000).allowed()).isTrue();
    }

    @Test
    void in_no_minute_is_more_given_than_the_quota() {
        record Given(long at, int amount) {}
        Random random = new Random(7);
        List<Given> given = new ArrayList<>();
        for (long now = 0; now < 20 * WINDOW; now += random.nextInt(2_000)) {
            int amount = 1 + random.nextInt(random.nextBoolean() ? 20 : 500);
            if (use.take(0, amount, now).allowed()) {
                given.add(new Given(now, amount));
            }
        }

        for (Given first : given) {
            long from = first.at();
            assertThat(given.stream()
                            .filter(one -> one.at() >= from && one.at() < from + WINDOW)
                            .mapToInt(Given::amount)
                            .sum())
                    .isLessThanOrEqualTo(QUOTA.amount());
        }
    }

    @Test
    void whoever_always_wants_more_gets_nearly_the_quota_each_minute() {
        int given = 0;
        for (long now = 0; now < 10 * WINDOW; now += 50) {
            given += use.take(0, 1, now).allowed() ? 1 : 0;
        }

        assertThat(given).isBetween(9_500, 10_000);
    }

    @Test
    void who_waits_as_long_as_it_was_told_gets_what_it_wants_and_who_comes_earlier_does_not() {
        use.take(0, 300, 0);
        use.take(0, 600, 10_000);

        Taken refused = use.take(0, 500, 20_000);

        assertThat(refused).isEqualTo(new Taken(false, 100, 51_000, 0, 51_000));
        assertThat(use.take(0, 500, 20_000 + 50_999).allowed()).isFalse();
        assertThat(use.take(0, 500, 20_000 + 51_000).allowed()).isTrue();
    }

    @Test
    void what_is_given_back_may_be_taken_again() {
        use.take(0, 700, 0);
        use.take(0, 300, 5_000);
        use.take(-400, 0, 6_000);

        assertThat(use.take(0, 401, 7_000).allowed()).isFalse();
        assertThat(use.take(0, 400, 7_000).allowed()).isTrue();
        assertThat(use.take(-5_000, 0, 8_000).left()).isEqualTo(1_000);
    }

    @Test
    void giving_back_what_was_taken_early_frees_nothing_of_what_was_taken_late() {
        use.take(0, 500, 0);
        use.take(0, 500, 50_000);
        use.take(-500, 0, 55_000);

        assertThat(use.take(0, 501, 61_500).allowed()).isFalse();
        assertThat(use.take(0, 500, 61_500).allowed()).isTrue();
    }
}
