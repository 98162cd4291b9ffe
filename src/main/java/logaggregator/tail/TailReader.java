package logaggregator.tail;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import logaggregator.UnavailableException;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueTail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the queue on behalf of all listeners, until it is stopped. */
final class TailReader implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(TailReader.class);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long PAUSE_MS = 500;

    /** Who gets what is read. */
    interface Audience {
        void offer(TailReader from, TailBatch batch);

        void addGap(TailReader from);
    }

    private final QueueTail queue;
    private final TailDecoder decoder;
    private final Audience audience;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private String position;

    /** @param position the last entry that isn't wanted */
    TailReader(QueueTail queue, TailDecoder decoder, Audience audience, String position) {
        this.queue = queue;
        this.decoder = decoder;
        this.audience = audience;
        this.position = position;
    }

    void start() {
        Thread thread = new Thread(this, "log-tail");
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        boolean interrupted = false;
        while (stopped.getCount() > 0) {
            try (QueueTail.Reading entries = queue.readAfter(position)) {
                follow(entries, interrupted);
            } catch (UnavailableException e) {
                interrupted = true;
                log.debug("The tail of the queue can't be read", e);
                pause();
            } catch (RuntimeException | Error e) {
                log.error("Reading the tail of the queue failed", e);
                audience.addGap(this);
                pause();
            }
        }
    }

    /** Others trim the queue: whoever was away, or comes too slowly after, may miss entries. */
    private void follow(QueueTail.Reading entries, boolean wasAway) {
        boolean mayMiss = wasAway;
        while (stopped.getCount() > 0) {
            List<Delivery> deliveries = entries.next(PATIENCE);
            if (mayMiss && !queue.hasAllAfter(position)) {
                audience.addGap(this);
            }
            mayMiss = entries.isBehind();
            if (!deliveries.isEmpty()) {
                position = deliveries.get(deliveries.size() - 1).id();
                audience.offer(this, new TailBatch(decoder.decode(deliveries), TailPosition.after(position)));
            }
        }
    }

    private void pause() {
        try {
            if (stopped.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                log.debug("Stopped while the queue was away");
            }
        } catch (InterruptedException e) {
            stopped.countDown();
        }
    }
}
