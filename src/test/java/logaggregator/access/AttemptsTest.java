package logaggregator.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptsTest {

    private final Attempts attempts = new Attempts();

    @Test
    void an_address_may_fail_some_times_a_second_whatever_others_do() {
        for (int n = 0; n < 20; n++) {
            assertThat(attempts.mayFail("203.0.113.1")).isTrue();
        }
        assertThat(attempts.mayFail("203.0.113.2")).isTrue();
    }

    @Test
    void a_million_addresses_take_no_more_memory_than_some_thousand() {
        for (int n = 0; n < 1_000_000; n++) {
            attempts.mayFail("address-" + n);
        }

        assertThat(attempts.addresses()).isLessThanOrEqualTo(Attempts.MAX_ADDRESSES);
    }
}
