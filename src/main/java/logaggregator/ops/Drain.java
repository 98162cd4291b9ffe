package logaggregator.ops;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * When the process is asked to end, readiness is down at once; whoever sends requests here only learns of it somewhat later. So
 * long (SHUTDOWN_DELAY) they are answered as before. Thread-safe.
 */
@Component
public class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Duration delay;
    private volatile boolean running;
    private volatile boolean answering;

    Drain(ShutdownSettings settings) {
        this.delay = Duration.ofSeconds(settings.delay());
    }

    /** Whether requests are answered, be the process ready or asked to end. */
    public boolean isAnswering() {
        return answering;
    }

    @EventListener
    void readinessChanged(AvailabilityChangeEvent<ReadinessState> change) {
        // not only from stop() on: readiness goes down a moment before it
        if (change.getState() == ReadinessState.ACCEPTING_TRAFFIC && !delay.isZero()) {
            answering = true;
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server and all others are stopped. */
    @Override
    public void stop() {
        running = false;
        if (delay.isZero()) {
            return;
        }
        log.info("Not ready any more; requests are answered for {} s", delay.toSeconds());
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            answering = false;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
