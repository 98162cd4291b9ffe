package logaggregator.ops;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import logaggregator.ingest.Admission;
import logaggregator.queue.Backpressure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns requests away that could only be refused later on. Thread-safe. */
@Component("admission")
public class ServiceAdmission implements Admission {

    private static final int SHORTEST_SECONDS = 2;
    private static final int LONGEST_SECONDS = 30;

    /** What has been down for a minute isn't up in two seconds: the pause is this part of the time. */
    private static final int PART = 10;

    private final Backpressure queue;
    private final HealthMonitor health;
    private final Clock clock;

    ServiceAdmission(Backpressure queue, HealthMonitor health, Clock clock) {
        this.queue = queue;
        this.health = health;
        this.clock = clock;
    }

    @Override
    public @Nullable Refusal refusal() {
        if (queue.isLagging()) {
            return new Refusal(
                    429,
                    "queue_full",
                    "more logs wait to be stored than may (INGEST_MAX_LAG); send it again later",
                    queue.secondsUntilRoom());
        }
        if (queue.isMemoryFull() && health.databaseDownSince() != null) {
            return new Refusal(
                    503,
                    "unavailable",
                    "the memory of Redis is used up and PostgreSQL doesn't answer; send it again later",
                    retryAfterSeconds());
        }
        return null;
    }

    @Override
    public int retryAfterSeconds() {
        Instant since = health.databaseDownSince();
        long seconds =
                since == null ? 0 : Duration.between(since, clock.instant()).toSeconds() / PART;
        return (int) Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds));
    }
}
