package logaggregator.store.postgres;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import logaggregator.BusyException;
import logaggregator.UnavailableException;
import org.springframework.stereotype.Component;

/** Lets those who read have most of the connections to the database, never all: whoever writes finds one. Thread-safe. */
@Component
class ReaderPlaces {

    private static final int WAIT_SECONDS = 2;

    /** Who waits holds a thread that could take logs meanwhile. */
    private static final int MAX_WAITING = 100;

    private final int atOnce;
    private final Semaphore free;

    ReaderPlaces(DatabaseSettings settings) {
        this.atOnce = settings.poolSize() * 3 / 4;
        this.free = new Semaphore(atOnce, true);
    }

    /** @throws BusyException when as many read as may, and go on for a while */
    void take() {
        try {
            if (free.getQueueLength() >= MAX_WAITING || !free.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new BusyException(
                        "too_many_queries",
                        atOnce + " queries and exports (three quarters of DATABASE_POOL_SIZE) run already");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
    }

    void giveBack() {
        free.release();
    }
}
