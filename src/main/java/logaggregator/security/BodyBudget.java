package logaggregator.security;

import java.util.concurrent.atomic.AtomicLong;
import logaggregator.ingest.IngestLimits;
import org.springframework.stereotype.Component;

/** How many bytes of bodies all requests together may hold in memory; never less than one body needs. Thread-safe. */
@Component
class BodyBudget {

    /** What decoding and queueing a body takes on top of it, measured with the largest body of small records. */
    private static final int HEAP_PER_BODY_BYTE = 8;

    private final AtomicLong free;

    BodyBudget(BodySettings settings, IngestLimits limits) {
        long bytes = settings.maxHeldBytes() > 0
                ? settings.maxHeldBytes()
                : Runtime.getRuntime().maxMemory() / HEAP_PER_BODY_BYTE;
        free = new AtomicLong(Math.max(bytes, limits.maxBodyBytes() + (long) BodyCollector.BLOCK_BYTES));
    }

    /** Returns false, and takes nothing, when not as many are left. */
    boolean take(long bytes) {
        for (long left = free.get(); left >= bytes; left = free.get()) {
            if (free.compareAndSet(left, left - bytes)) {
                return true;
            }
        }
        return false;
    }

    void giveBack(long bytes) {
        free.addAndGet(bytes);
    }
}
