package logaggregator.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Waits for what comes about by itself. */
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Eventually() {}

    public static void holds(BooleanSupplier condition) {
        Awaitility.await()
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .atMost(PATIENCE)
                .until(condition::getAsBoolean);
    }

    /** Waits until the assertions of {@code check} pass. */
    public static void passes(Runnable check) {
        Awaitility.await()
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .atMost(PATIENCE)
                .untilAsserted(check::run);
    }
}
