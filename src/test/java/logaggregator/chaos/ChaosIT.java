package logaggregator.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A short run of {@link Chaos}; {@code -Dchaos.seed=} breaks at other points. */
class ChaosIT {

    private static final long SEED = 20_240_229;
    private static final int SECONDS = 60;
    private static final int RECORDS_PER_SECOND = 2_000;
    private static final int CAPACITY = 1_000_000;

    @Test
    void every_accepted_record_is_stored_once_or_a_dead_letter_whatever_breaks() throws Exception {
        try (Chaos chaos = new Chaos(Chaos.seed(SEED), RECORDS_PER_SECOND, CAPACITY)) {
            List<String> findings = chaos.round(SECONDS);

            System.out.println(chaos.tables());
            assertThat(findings).isEmpty();
        }
    }
}
