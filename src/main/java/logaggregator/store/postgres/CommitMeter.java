package logaggregator.store.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.Chunk;
import logaggregator.Rejection;
import logaggregator.metrics.Metrics;
import logaggregator.metrics.Metrics.Gauge;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Counts what this process has stored. Thread-safe. */
@Component
class CommitMeter {

    private static final double MILLIS = 1_000;
    private static final long NONE = Long.MIN_VALUE;

    private final Metrics metrics;
    private final Clock clock;
    private final AtomicLong newest = new AtomicLong(NONE);

    CommitMeter(Metrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        metrics.watch(Gauge.NEWEST_ARRIVAL, this::newestArrival);
    }

    private double newestArrival() {
        long arrival = newest.get();
        return arrival == NONE ? Double.NaN : arrival / MILLIS;
    }

    /**
     * To be called after a commit.
     *
     * @param chunks that were stored by it
     * @param rows of these
     * @param dead the records that it has set aside
     * @param startedAt by {@link System#nanoTime}
     */
    void committed(List<Chunk> chunks, List<LogRow> rows, int duplicates, List<Rejection> dead, long startedAt) {
        Instant oldest = null;
        for (Chunk chunk : chunks) {
            // what was a dead letter has waited for somebody, not for us
            if (!chunk.isReplay()) {
                oldest = earlier(oldest, chunk.receivedAt());
                newest.accumulateAndGet(chunk.receivedAt().toEpochMilli(), Math::max);
            }
        }
        metrics.committed(
                rows.size(),
                duplicates,
                dead,
                Duration.ofNanos(System.nanoTime() - startedAt),
                oldest,
                clock.instant());
        countApps(rows);
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one != null && one.isBefore(other) ? one : other;
    }

    /** Records of one app mostly follow one another. */
    private void countApps(List<LogRow> rows) {
        int from = 0;
        for (int to = 1; to <= rows.size(); to++) {
            if (to == rows.size() || !rows.get(to).app().equals(rows.get(from).app())) {
                metrics.storedOf(rows.get(from).app(), to - from);
                from = to;
            }
        }
    }
}
