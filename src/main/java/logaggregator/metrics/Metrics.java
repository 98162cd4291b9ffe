package logaggregator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Durability;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * All that is counted and measured, by name; docs/OPERATING.md says what each is for. Counting costs some nanoseconds, once for a
 * request or a batch. Thread-safe.
 */
@Component("metrics")
public class Metrics {

    private static final String PREFIX = "logaggregator.";

    private static final Duration[] ANSWERS = millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);
    private static final Duration[] DELAYS =
            millis(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000);
    private static final Duration[] SKEWS = millis(1_000, 10_000, 60_000, 600_000, 3_600_000, 86_400_000);
    private static final double[] SIZES = {1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000};

    private static final int STATUSES = 600;

    /** Usual ones show from the start. */
    private static final List<Integer> OF_INGEST = List.of(200, 400, 401, 413, 429, 503);

    private static final List<String> CODES =
            List.of("queue_full", "rate_limited", "unavailable", "too_many_bodies", "unauthorized", "not_ready");
    private static final List<String> REASONS = List.of(
            "invalid_json", "missing_field", "invalid_type", "too_long", "timestamp_out_of_range", "unknown_app");
    private static final List<String> REASONS_OF_DEATH = List.of("invalid_json", "missing_field", "sqlstate", "crash");

    /** What is measured when somebody looks. */
    public enum Gauge {
        QUEUE_LIMIT("queue.limit.logs", "Records that may wait (INGEST_MAX_LAG)"),
        QUEUE_ENTRIES("queue.entries", "Entries in the stream, stored ones that are not removed yet among them"),
        QUEUE_LOGS("queue.logs", "Records that wait to be stored"),
        QUEUE_PENDING("queue.pending.entries", "Entries that were delivered and are not acknowledged"),
        QUEUE_OLDEST_PENDING("queue.oldest.pending.seconds", "Age of the oldest of these"),
        QUEUE_LAG("queue.lag.seconds", "For how long the record that waits longest has waited"),
        QUEUE_MEMORY("queue.memory.ratio", "The part of its maxmemory that Redis uses; 0 when it has no limit"),
        DEAD_LETTERS("dead.letters", "Dead letters, by where they are kept"),
        NEWEST_ARRIVAL("stored.newest.arrival.timestamp.seconds", "When the newest log that was stored here arrived"),
        CONSUMERS("consumers", "Readers of the queue that run here"),
        PART_UP("part.up", "1, or 0 while GET /health names this part"),
        BREAKER("circuit.breaker.state", "1 for the state that this circuit breaker is in"),
        LEDGER_DIFFERENCE("ledger.difference", "Records that the ledger misses; fewer while logs move"),
        DATABASE_LOGS("database.logs", "Stored logs"),
        DATABASE_BYTES("database.bytes", "Size of the logs with their indexes"),
        RETENTION_MISSED("retention.missed.days", "Days that are to be dropped and could not be at the last attempt"),
        EMBEDDED("embedded", "1 for servers that this program has started itself"),
        READY("ready", "1 while the readiness probe succeeds"),
        ROLE("role", "1 for what this process runs"),
        BUILD("build.info", "1, with the version of this program");

        private final String name;
        private final String description;

        Gauge(String name, String description) {
            this.name = name;
            this.description = description;
        }
    }

    private final MeterRegistry registry;
    private final Counter acceptedByQueue;
    private final Counter acceptedByDatabase;
    private final LabelledCounter rejected;
    private final LabelledCounter refused;
    private final Counter stored;
    private final LabelledCounter storedByApp;
    private final Counter duplicate;
    private final LabelledCounter deadLettered;
    private final Counter replayed;
    private final Counter claimed;
    private final Counter storeFailures;
    private final LabelledCounter fired;
    private final LabelledCounter resolved;
    private final Counter deduplicated;
    private final LabelledCounter delivered;
    private final LabelledCounter undelivered;
    private final Timer[][] requests = new Timer[Endpoint.values().length][STATUSES];
    private final Timer batches;
    private final DistributionSummary batchSizes;
    private final Timer storedDelay;
    private final Timer ahead;
    private final Timer behind;

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        acceptedByQueue = counter("logs.accepted", "Records that were accepted", "backend", "redis");
        acceptedByDatabase = counter("logs.accepted", "Records that were accepted", "backend", "db");
        rejected = labelled("logs.rejected", "Records that were not accepted, by reason", "reason");
        refused = labelled("requests.refused", "Requests that were refused as a whole, by the code told", "code");
        stored = counter("logs.stored", "Records that were committed");
        storedByApp = labelled("app.logs", "Records that were committed, by app", "app");
        duplicate = counter("logs.duplicate", "Copies that were recognised and left out");
        deadLettered = labelled("logs.dead.lettered", "Records that were set aside, by reason", "reason");
        replayed = counter("logs.replayed", "Dead letters that were put on the queue again");
        claimed =
                counter("queue.claimed.entries", "Entries that were taken up a second time, or from another consumer");
        storeFailures = counter("store.failures", "Attempts to store a batch that failed and were repeated");
        fired = labelled("alerts.fired", "Alerts that were told", "rule", "kind", "firing");
        resolved = labelled("alerts.fired", "Alerts that were told", "rule", "kind", "resolved");
        deduplicated = counter("alerts.deduplicated", "Alerts that had been told, or were just being told");
        delivered = labelled("alert.deliveries", "Alerts told to channels", "channel", "result", "delivered");
        undelivered = labelled("alert.deliveries", "Alerts told to channels", "channel", "result", "failed");
        batches = timer("batch", "How long the transaction took that stored a batch", ANSWERS);
        batchSizes = DistributionSummary.builder(PREFIX + "batch.logs")
                .description("Records of a batch")
                .serviceLevelObjectives(SIZES)
                .register(registry);
        storedDelay =
                timer("stored.delay", "From arrival to commit, of the record of a batch that waited longest", DELAYS);
        ahead = timer(
                "producer.ahead", "How far clocks of producers are ahead: the first record of each request", SKEWS);
        behind = timer("producer.behind", "How old records are when they arrive: the first of each request", SKEWS);
        OF_INGEST.forEach(status -> timerOf(Endpoint.INGEST, status));
        CODES.forEach(refused::expect);
        REASONS.forEach(rejected::expect);
        REASONS_OF_DEATH.forEach(deadLettered::expect);
    }

    private static Duration[] millis(long... values) {
        return java.util.stream.LongStream.of(values)
                .mapToObj(Duration::ofMillis)
                .toArray(Duration[]::new);
    }

    private Counter counter(String name, String description, String... labels) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tags(labels)
                .register(registry);
    }

    private LabelledCounter labelled(String name, String description, String label, String... more) {
        return new LabelledCounter(registry, PREFIX + name, description, label, more);
    }

    private Timer timer(String name, String description, Duration[] buckets, String... labels) {
        return Timer.builder(PREFIX + name)
                .description(description)
                .tags(labels)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** Has {@code value} asked whenever somebody looks; what isn't known is NaN. */
    public void watch(Gauge gauge, Supplier<Number> value, String... labels) {
        io.micrometer.core.instrument.Gauge.builder(PREFIX + gauge.name, value)
                .description(gauge.description)
                .tags(labels)
                .register(registry);
    }

    /** A request was answered. */
    public void answered(Endpoint endpoint, int status, long nanos) {
        timerOf(endpoint, status).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timerOf(Endpoint endpoint, int status) {
        Timer[] ofEndpoint = requests[endpoint.ordinal()];
        int index = Math.floorMod(status, STATUSES);
        Timer timer = ofEndpoint[index];
        if (timer == null) {
            // two threads that come here at once get the same one
            timer = timer(
                    "requests",
                    "How long requests took, their bodies included",
                    ANSWERS,
                    "endpoint",
                    endpoint.label(),
                    "status",
                    Integer.toString(status));
            ofEndpoint[index] = timer;
        }
        return timer;
    }

    /** Records are safe. */
    public void accepted(Batch batch) {
        (batch.durability() == Durability.POSTGRES ? acceptedByDatabase : acceptedByQueue).increment(batch.size());
        rejected(batch.rejections());
        if (!batch.isEmpty()) {
            Chunk first = batch.chunks().get(0);
            if (!first.entries().isEmpty()) {
                arrived(first.entries().get(0), first.receivedAt());
            }
        }
    }

    private void arrived(LogEntry entry, Instant at) {
        Duration age = Duration.between(entry.timestamp(), at);
        ahead.record(age.isNegative() ? age.abs() : Duration.ZERO);
        behind.record(age.isNegative() ? Duration.ZERO : age);
    }

    /** @param rejections those that are dead letters count once they are stored */
    private void rejected(List<Rejection> rejections) {
        for (Rejection rejection : rejections) {
            if (rejection.chunk() == null) {
                rejected.add(rejection.reason(), 1);
            }
        }
    }

    /** A request was refused. */
    public void refused(String code, List<Rejection> rejections) {
        refused.add(code, 1);
        rejected(rejections);
    }

    /**
     * A transaction was committed.
     *
     * @param waitedSince when the record that waited longest arrived; null when that tells nothing
     */
    public void committed(
            int logs, int duplicates, List<Rejection> dead, Duration took, @Nullable Instant waitedSince, Instant now) {
        stored.increment(logs);
        duplicate.increment(duplicates);
        for (Rejection rejection : dead) {
            deadLettered.add(withoutDetail(rejection.reason()), 1);
        }
        batches.record(took);
        batchSizes.record((double) logs + duplicates + dead.size());
        if (waitedSince != null) {
            storedDelay.record(Duration.between(waitedSince, now));
        }
    }

    private static String withoutDetail(String reason) {
        return reason.startsWith("sqlstate_") ? "sqlstate" : reason;
    }

    /** Of the records that were committed, so many are of this app. */
    public void storedOf(String app, int logs) {
        storedByApp.add(app, logs);
    }

    public void replayed(int letters) {
        replayed.increment(letters);
    }

    public void claimed(int entries) {
        claimed.increment(entries);
    }

    public void storeFailed() {
        storeFailures.increment();
    }

    /** An alert is told by this process. */
    public void fired(String rule, boolean firing) {
        (firing ? fired : resolved).add(rule, 1);
    }

    /** An alert isn't told (again). */
    public void deduplicated() {
        deduplicated.increment();
    }

    /** There is such a channel. */
    public void channel(String name) {
        delivered.expect(name);
        undelivered.expect(name);
    }

    /** What became of an alert at a channel. */
    public void told(String channel, boolean success) {
        (success ? delivered : undelivered).add(channel, 1);
    }
}
