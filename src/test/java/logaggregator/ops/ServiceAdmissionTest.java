package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import logaggregator.UnavailableException;
import logaggregator.queue.Backpressure;
import logaggregator.queue.MeasuredQueue;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.QueueSafety;
import logaggregator.store.StoreMaintenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceAdmissionTest {

    private final Time time = new Time();
    private final Database database = new Database();
    private final MeasuredQueue queue = new MeasuredQueue();
    private final Backpressure backpressure = new Backpressure(queue, new QueueSafety(1_000, false, 0));
    private final HealthMonitor health = new HealthMonitor(database, queue, List.of(), time);
    private final ServiceAdmission admission = new ServiceAdmission(backpressure, health, time);

    @Test
    void requests_may_come_in() {
        look(new QueueLoad(10, 10, 0, 0.5));

        assertThat(admission.refusal()).isNull();
    }

    @Test
    void nothing_may_come_in_while_too_much_waits() {
        look(new QueueLoad(10, 1_000, 0, 0.5));

        assertThat(admission.refusal().status()).isEqualTo(429);
        assertThat(admission.refusal().code()).isEqualTo("queue_full");
    }

    @Test
    void a_full_redis_refuses_nothing_while_the_database_can_take_it() {
        look(new QueueLoad(10, 10, 0, 0.95));
        assertThat(admission.refusal()).isNull();

        database.away = true;
        look(new QueueLoad(10, 10, 0, 0.95));

        assertThat(admission.refusal().status()).isEqualTo(503);
        assertThat(admission.refusal().code()).isEqualTo("unavailable");
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "19, 2", "60, 6", "3600, 30"})
    void the_longer_the_database_is_away_the_longer_is_the_pause(int seconds, int hint) {
        database.away = true;
        health.check();

        time.now = time.now.plusSeconds(seconds);

        assertThat(admission.retryAfterSeconds()).isEqualTo(hint);
    }

    private void look(QueueLoad load) {
        queue.load = load;
        backpressure.measure();
        health.check();
    }

    private static final class Time extends Clock {

        Instant now = Instant.EPOCH.plus(Duration.ofDays(1));

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static final class Database implements StoreMaintenance {

        boolean away;

        @Override
        public void ping() {
            if (away) {
                throw new UnavailableException("away", new IllegalStateException("made up by the test"));
            }
        }

        @Override
        public void prepareDays() {}

        @Override
        public void pruneReceipts(java.time.Instant oldest) {}

        @Override
        public void foldCounts() {}

        @Override
        public void thinRecentCounts() {}

        @Override
        public String location() {
            return "memory";
        }
    }
}
