package logaggregator.drill;

import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import logaggregator.support.PrometheusProcess;

/** What Prometheus told, and when. Thread-safe. */
final class Alarms implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(7);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrometheusProcess prometheus;
    private final Map<String, Long> faultsSince = new LinkedHashMap<>();
    private final Map<String, Long> told = new LinkedHashMap<>();
    private final Set<String> besides = new TreeSet<>();
    private final Thread thread;
    private Set<String> firing = Set.of();
    private volatile boolean stopping;

    Alarms(PrometheusProcess prometheus) {
        this.prometheus = prometheus;
        this.thread = new Thread(this::watch);
        thread.start();
    }

    private void watch() {
        while (!stopping) {
            look(prometheus.firing());
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private synchronized void look(Set<String> now) {
        for (String alert : now) {
            if (!firing.contains(alert)) {
                began(alert);
            }
        }
        firing.stream().filter(alert -> !now.contains(alert)).forEach(alert -> say("    %s is over", alert));
        firing = now;
        notifyAll();
    }

    private void began(String alert) {
        Long since = faultsSince.get(alert);
        if (since == null) {
            besides.add(alert);
            say("    %s (besides)", alert);
        } else if (told.putIfAbsent(alert, seconds(since)) == null) {
            say("    %s, after %d s", alert, told.get(alert));
        }
    }

    private static long seconds(long since) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    }

    /** A fault is about to be made that these are to tell; waits until they tell no other any more. */
    synchronized void expect(String... alerts) throws InterruptedException {
        waitFor(() -> List.of(alerts).stream().noneMatch(firing::contains));
        List.of(alerts).forEach(alert -> faultsSince.put(alert, System.nanoTime()));
    }

    /** Waits until all that were expected have been told. */
    synchronized void await() throws InterruptedException {
        waitFor(() -> told.keySet().containsAll(faultsSince.keySet()));
    }

    /** Waits until none is told. */
    synchronized void awaitQuiet() throws InterruptedException {
        waitFor(() -> firing.isEmpty());
    }

    private void waitFor(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            wait(LOOK_EVERY.toMillis());
        }
        if (!condition.getAsBoolean()) {
            Set<String> missing = new TreeSet<>(faultsSince.keySet());
            missing.removeAll(told.keySet());
            throw new IllegalStateException("still not told: " + missing + ", still told: " + firing);
        }
    }

    /** Those that were told, though no fault of theirs was made. */
    synchronized Set<String> besides() {
        return new TreeSet<>(besides);
    }

    /** After how many seconds each was told. */
    synchronized Map<String, Long> told() {
        return new LinkedHashMap<>(told);
    }

    static void say(String format, Object... arguments) {
        System.out.println(LocalTime.now().format(SECONDS) + " " + String.format(format, arguments));
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
