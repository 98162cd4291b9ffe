package logaggregator.ops;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import logaggregator.UnavailableException;
import logaggregator.queue.LogQueue;
import logaggregator.store.SchemaException;
import logaggregator.store.StoreMaintenance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Knows since when a part of the service doesn't work, and says so in the log when it changes. Some parts it asks, others
 * report their trouble and count as mended when they have been silent for a while. Thread-safe.
 */
@Component
public class HealthMonitor {

    private static final Logger log = LoggerFactory.getLogger(HealthMonitor.class);

    /** Ten seconds: longer than the longest pause between two attempts of whoever reports. */
    private static final int MENDED_AFTER_CHECKS = 5;

    private static final String DATABASE = "database";

    private final Map<String, Runnable> checks = new LinkedHashMap<>();
    private final Map<String, Instant> downSince = new ConcurrentHashMap<>();

    /** How many checks ago a part reported trouble. */
    private final Map<String, Integer> silentFor = new LinkedHashMap<>();

    private final LogQueue queue;
    private final Map<String, String> reasons = new ConcurrentHashMap<>();
    private final List<FaultSource> sources;
    private final Clock clock;

    public HealthMonitor(StoreMaintenance store, LogQueue queue, List<FaultSource> sources, Clock clock) {
        checks.put(DATABASE, store::ping);
        checks.put("redis", queue::ping);
        this.queue = queue;
        this.sources = sources;
        this.clock = clock;
    }

    /** Asks each part whether it works; called every two seconds. */
    public void check() {
        checks.forEach(this::check);
        checkSettings();
        sources.forEach(this::ask);
        mendSilent();
    }

    private synchronized void mendSilent() {
        silentFor.replaceAll((part, checks) -> checks + 1);
        List<String> mended = silentFor.entrySet().stream()
                .filter(part -> part.getValue() > MENDED_AFTER_CHECKS)
                .map(Map.Entry::getKey)
                .toList();
        mended.forEach(part -> {
            silentFor.remove(part);
            up(part);
        });
    }

    private void check(String part, Runnable ping) {
        try {
            ping.run();
            up(part);
        } catch (UnavailableException e) {
            down(part, e);
        }
    }

    /** The queue itself says in the log what is wrong with them. */
    private void checkSettings() {
        if (queue.risks().isEmpty()) {
            downSince.remove("redis-settings");
        } else {
            downSince.putIfAbsent("redis-settings", now());
        }
    }

    /** To be called for each failed attempt of a part that goes on trying. */
    public synchronized void reportTrouble(String part, Exception cause) {
        silentFor.put(part, 0);
        if (cause instanceof SchemaException) {
            reasons.put(part, String.valueOf(cause.getMessage()));
        }
        down(part, cause);
    }

    private void ask(FaultSource source) {
        String fault = source.fault();
        if (fault == null) {
            reasons.remove(source.part());
            downSince.remove(source.part());
        } else {
            reasons.put(source.part(), fault);
            downSince.putIfAbsent(source.part(), now());
        }
    }

    private void up(String part) {
        reasons.remove(part);
        if (downSince.remove(part) != null) {
            log.info("{} is up again", part);
        }
    }

    private void down(String part, Exception cause) {
        if (downSince.putIfAbsent(part, now()) == null) {
            log.warn("{} is down: {}", part, cause.getMessage());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** All parts that there may be something to say of. */
    public List<String> parts() {
        return Stream.of(
                        checks.keySet().stream(),
                        Stream.of("redis-settings", "store", "schema"),
                        sources.stream().map(FaultSource::part))
                .flatMap(parts -> parts)
                .toList();
    }

    /** It is down when neither the database nor Redis answers: then nothing can be accepted. */
    public Health health() {
        Map<String, Instant> down = downSince();
        boolean acceptsNothing = down.keySet().containsAll(checks.keySet());
        String status = down.isEmpty() ? Health.OK : acceptsNothing ? Health.DOWN : Health.DEGRADED;
        return new Health(status, down, Map.copyOf(reasons));
    }

    /** The parts that don't work, and since when. */
    public Map<String, Instant> downSince() {
        return Map.copyOf(downSince);
    }

    /** Null while the database answers. */
    public @Nullable Instant databaseDownSince() {
        return downSince.get(DATABASE);
    }
}
