package logaggregator.security;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import logaggregator.ingest.Admission.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** All bodies that are arriving, and the clock that ends those which don't get on. Thread-safe. */
@Component
class BodyReadings implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(BodyReadings.class);
    private static final long TICK_MS = 250;

    private final ProblemWriter problems;
    private final Duration timeout;
    private final Set<BodyReading> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bodies");
        thread.setDaemon(true);
        return thread;
    });

    BodyReadings(BodySettings settings, ProblemWriter problems) {
        this.problems = problems;
        this.timeout = Duration.ofMillis(settings.timeoutMs());
        clock.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Goes on reading a body without a thread; then the request is dispatched again.
     *
     * @param refusal why the request is refused already; or null
     */
    void start(HttpServletRequest request, HttpServletResponse response, BodyCollector body, @Nullable Refusal refusal)
            throws IOException {
        ServletInputStream input = request.getInputStream();
        BodyReading reading = new BodyReading(
                input, response, body, request.startAsync(request, response), problems, timeout, running::remove);
        running.add(reading);
        if (refusal != null) {
            reading.refuse(refusal);
        }
        input.setReadListener(reading);
    }

    private void tick() {
        for (BodyReading reading : running) {
            try {
                reading.check();
            } catch (IOException | RuntimeException e) {
                log.debug("A connection broke while its request was refused", e);
                reading.onError(e);
            }
        }
    }

    @Override
    public void destroy() {
        clock.shutdownNow();
    }
}
