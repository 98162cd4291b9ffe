package logaggregator.security;

import java.util.concurrent.atomic.AtomicLong;
import logaggregator.ingest.IngestLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** How many bytes of bodies all requests together may hold in memory, and one at most. Thread-safe. */
@Component
class BodyBudget {

    private static final Logger log = LoggerFactory.getLogger(BodyBudget.class);

    /** What decoding and queueing a body takes, itself included, measured with the largest body of small records. */
    private static final int HEAP_PER_BODY_BYTE = 8;

    /** What the process takes besides: its libraries, and the batches of a worker. */
    private static final long HEAP_OF_THE_REST = 80L << 20;

    private static final long LEAST = 1 << 20;

    private final AtomicLong free;
    private final int largestBody;

    BodyBudget(BodySettings settings, IngestLimits limits) {
        long share = (Runtime.getRuntime().maxMemory() - HEAP_OF_THE_REST) / HEAP_PER_BODY_BYTE;
        long bytes = Math.max(LEAST, settings.maxHeldBytes() > 0 ? settings.maxHeldBytes() : share);
        free = new AtomicLong(bytes);
        largestBody = (int) Math.min(limits.maxBodyBytes(), bytes - BodyCollector.BLOCK_BYTES);
        if (largestBody < limits.maxBodyBytes()) {
            log.info(
                    "Bodies may have {} bytes, not {} (MAX_BODY_BYTES): there is no memory for larger ones (-Xmx,"
                            + " MAX_HELD_BODY_BYTES)",
                    largestBody,
                    limits.maxBodyBytes());
        }
    }

    /** How many bytes one body may have, after decompression. */
    int largestBody() {
        return largestBody;
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
