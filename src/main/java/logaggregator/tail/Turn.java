package logaggregator.tail;

import java.time.Duration;

/** A short while in which logs are picked for one listener; then others have theirs. */
final class Turn {

    private static final long NANOS = Duration.ofMillis(10).toNanos();

    private final long begin = System.nanoTime();

    boolean isOver() {
        return System.nanoTime() - begin >= NANOS;
    }
}
