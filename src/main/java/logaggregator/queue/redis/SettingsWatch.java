package logaggregator.queue.redis;

import java.time.Duration;
import java.util.List;
import logaggregator.queue.redis.ServerSettings.Finding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the Redis server, read again after each new connection and every half minute; says once in the log what
 * is dangerous about them, and when it no longer is. Thread-safe.
 */
final class SettingsWatch {

    private static final Logger log = LoggerFactory.getLogger(SettingsWatch.class);

    private static final Duration MAX_AGE = Duration.ofSeconds(30);

    private final RedisServer server;
    private final boolean requireDurable;
    private volatile @Nullable Reading last;

    /** @param generation of the connection over which they were read, or of an earlier one */
    private record Reading(ServerSettings settings, int generation, long readAt) {}

    SettingsWatch(RedisServer server, boolean requireDurable) {
        this.server = server;
        this.requireDurable = requireDurable;
    }

    /** Those of the server that is connected now. */
    ServerSettings current() {
        Reading reading = last;
        return reading != null && isFresh(reading) ? reading.settings() : read();
    }

    /** What was dangerous when they could be read last. */
    List<Finding> lastFindings() {
        Reading reading = last;
        return reading == null ? List.of() : reading.settings().findings(requireDurable);
    }

    private synchronized ServerSettings read() {
        Reading reading = last;
        if (reading != null && isFresh(reading)) {
            return reading.settings(); // another thread was faster
        }
        int generation = server.generation();
        ServerSettings settings = server.settings();
        report(lastFindings(), settings.findings(requireDurable));
        last = new Reading(settings, generation, System.nanoTime());
        return settings;
    }

    private boolean isFresh(Reading reading) {
        return reading.generation() == server.generation() && System.nanoTime() - reading.readAt() < MAX_AGE.toNanos();
    }

    private static void report(List<Finding> before, List<Finding> now) {
        now.stream()
                .filter(finding -> !before.contains(finding))
                .forEach(finding -> log.warn("Redis: {}", finding.text()));
        before.stream()
                .filter(finding -> !now.contains(finding))
                .forEach(finding -> log.info("Redis, no longer: {}", finding.text()));
    }
}
