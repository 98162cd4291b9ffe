package logaggregator.queue;

import java.util.function.LongSupplier;
import logaggregator.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Knows whether the queue has room for more; measured twice a second by one thread, asked by many. */
@Component
public class Backpressure {

    private static final Logger log = LoggerFactory.getLogger(Backpressure.class);

    /** The last tenth of the server's memory is for the workers: they need it to read, and for dead letters. */
    private static final double FULL = 0.9;

    private static final double FULL_NO_MORE = 0.8;

    /** The part of the limit to which the queue must shrink before it takes more. */
    private static final double RELEASE = 0.8;

    private static final int SHORTEST_SECONDS = 1;
    private static final int LONGEST_SECONDS = 300;
    private static final int SECONDS_WHEN_NOTHING_IS_STORED = 30;

    private final LogQueue queue;
    private final long maxLag;
    private final LongSupplier nanoTime;
    private final Backlog backlog = new Backlog();
    private final Threshold lag;
    private final Threshold memory = new Threshold(FULL, FULL_NO_MORE);
    private volatile int secondsUntilRoom = SECONDS_WHEN_NOTHING_IS_STORED;

    @Autowired
    public Backpressure(LogQueue queue, QueueSafety safety) {
        this(queue, safety.maxLag(), System::nanoTime);
    }

    Backpressure(LogQueue queue, long maxLag, LongSupplier nanoTime) {
        this.queue = queue;
        this.maxLag = maxLag;
        this.nanoTime = nanoTime;
        this.lag = new Threshold(maxLag, RELEASE * maxLag);
    }

    /**
     * Looks how much waits.
     *
     * @throws UnavailableException when the queue can't be reached; then nothing is known to be full
     */
    public synchronized void measure() {
        try {
            observe(queue.load());
        } catch (UnavailableException e) {
            lag.observe(0);
            memory.observe(0);
            throw e;
        }
    }

    private void observe(QueueLoad load) {
        backlog.observe(load, nanoTime.getAsLong());
        secondsUntilRoom = estimate();
        if (lag.observe(backlog.waiting())) {
            if (lag.isExceeded()) {
                log.warn(
                        "{} records wait in the queue, INGEST_MAX_LAG is {}: requests are answered with 429",
                        backlog.waiting(),
                        maxLag);
            } else {
                log.info("{} records wait in the queue: requests are accepted again", backlog.waiting());
            }
        }
        if (memory.observe(load.fullness())) {
            if (memory.isExceeded()) {
                log.warn("The queue's server uses more than 90 % of its memory: requests go to the database");
            } else {
                log.info("The queue's server has memory for more: requests go to the queue again");
            }
        }
    }

    private int estimate() {
        double rate = backlog.ratePerSecond();
        if (rate < 1) {
            return SECONDS_WHEN_NOTHING_IS_STORED;
        }
        double seconds = Math.ceil((backlog.waiting() - RELEASE * maxLag) / rate);
        return (int) Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds));
    }

    /** More records wait than may; nothing should be accepted, by the database neither. */
    public boolean isLagging() {
        return lag.isExceeded();
    }

    /** When {@link #isLagging} will end if records are stored as fast as in the last seconds. */
    public int secondsUntilRoom() {
        return secondsUntilRoom;
    }

    /** The server of the queue has hardly any memory left. */
    public boolean isMemoryFull() {
        return memory.isExceeded();
    }

    /**
     * Returns when the server of the queue has memory for more records.
     *
     * @throws UnavailableException when the database should take them instead
     */
    public void requireMemory() {
        if (memory.isExceeded()) {
            throw new UnavailableException(
                    "the queue is full", new IllegalStateException("its server uses more than 90 % of its memory"));
        }
    }

    /** Records that wait to be stored, as of the last measurement. */
    public synchronized long waiting() {
        return backlog.waiting();
    }
}
