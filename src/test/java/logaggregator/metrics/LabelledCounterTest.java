package logaggregator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class LabelledCounterTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LabelledCounter counter = new LabelledCounter(registry, "logs", "of a test", "app");

    @Test
    void nobody_can_make_up_as_many_series_as_he_likes() {
        for (int app = 0; app < 10_000; app++) {
            counter.add("app-" + app, 2);
        }

        assertThat(registry.getMeters()).hasSize(LabelledCounter.MOST + 1);
        assertThat(count("app-0")).isEqualTo(2);
        assertThat(count(LabelledCounter.OTHERS)).isEqualTo(2 * (10_000 - LabelledCounter.MOST));
    }

    @Test
    void a_name_is_one_line() {
        counter.add("a\nb", 1);

        assertThat(count("a·b")).isEqualTo(1);
    }

    private double count(String app) {
        return registry.get("logs").tag("app", app).counter().count();
    }
}
