package logaggregator.ops;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import logaggregator.UnavailableException;
import logaggregator.deadletter.DeadLetters;
import logaggregator.ledger.LedgerBook;
import logaggregator.metrics.Metrics;
import logaggregator.metrics.Metrics.Gauge;
import logaggregator.queue.Backlog;
import logaggregator.queue.LogQueue;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.QueueSafety;
import logaggregator.queue.Unacknowledged;
import logaggregator.store.LogRemoval;
import logaggregator.store.StoreFigures;
import org.springframework.stereotype.Component;

/**
 * What is measured at Redis and PostgreSQL, from time to time: whoever reads metrics asks no server. What can't be had is NaN.
 * Thread-safe.
 */
@Component("gauges")
public class Gauges {

    /** More are too many anyway. */
    private static final int MOST_LETTERS = 100_000;

    private static final double MILLIS = 1_000;

    private static final Set<Gauge> OF_QUEUE = EnumSet.of(
            Gauge.QUEUE_ENTRIES,
            Gauge.QUEUE_LOGS,
            Gauge.QUEUE_PENDING,
            Gauge.QUEUE_OLDEST_PENDING,
            Gauge.QUEUE_LAG,
            Gauge.QUEUE_MEMORY);

    private static final Set<Gauge> OF_STORE =
            EnumSet.of(Gauge.DATABASE_LOGS, Gauge.DATABASE_BYTES, Gauge.LEDGER_DIFFERENCE);

    private final LogQueue queue;
    private final DeadLetters deadLetters;
    private final StoreFigures store;
    private final LedgerBook ledger;
    private final Backlog backlog = new Backlog();
    private final Map<Gauge, Double> values = new ConcurrentHashMap<>();
    private volatile double queuedLetters = Double.NaN;
    private volatile double archivedLetters = Double.NaN;

    public Gauges(
            Metrics metrics,
            LogQueue queue,
            QueueSafety limits,
            DeadLetters deadLetters,
            StoreFigures store,
            LogRemoval removal,
            LedgerBook ledger) {
        this.ledger = ledger;
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.store = store;
        OF_QUEUE.forEach(gauge -> metrics.watch(gauge, () -> value(gauge)));
        OF_STORE.forEach(gauge -> metrics.watch(gauge, () -> value(gauge)));
        metrics.watch(Gauge.QUEUE_LIMIT, limits::maxLag);
        metrics.watch(Gauge.RETENTION_MISSED, removal::missedDays);
        metrics.watch(Gauge.DEAD_LETTERS, () -> queuedLetters, "place", "redis");
        metrics.watch(Gauge.DEAD_LETTERS, () -> archivedLetters, "place", "database");
    }

    private double value(Gauge gauge) {
        return values.getOrDefault(gauge, Double.NaN);
    }

    /** Looks at the queue and at dead letters; called every five seconds. */
    public synchronized void measure() {
        try {
            measureQueue();
        } catch (UnavailableException e) {
            OF_QUEUE.forEach(values::remove);
        }
        queuedLetters = orUnknown(deadLetters::queued);
        archivedLetters = orUnknown(() -> deadLetters.archived(MOST_LETTERS));
    }

    private void measureQueue() {
        QueueLoad load = queue.load();
        backlog.observe(load, System.nanoTime());
        Unacknowledged pending = queue.unacknowledged();
        values.put(Gauge.QUEUE_ENTRIES, (double) load.entries());
        values.put(Gauge.QUEUE_LOGS, (double) backlog.waiting());
        values.put(Gauge.QUEUE_PENDING, (double) pending.entries());
        values.put(Gauge.QUEUE_OLDEST_PENDING, seconds(pending.oldest()));
        values.put(Gauge.QUEUE_LAG, seconds(queue.delay()));
        values.put(Gauge.QUEUE_MEMORY, load.fullness());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / MILLIS;
    }

    /** Looks how much is stored, which takes the database a moment; called once a minute. */
    public void measureStore() {
        values.put(Gauge.DATABASE_LOGS, orUnknown(store::logs));
        values.put(Gauge.DATABASE_BYTES, orUnknown(store::bytes));
        values.put(
                Gauge.LEDGER_DIFFERENCE, orUnknown(() -> ledger.read().total().difference()));
    }

    private static double orUnknown(DoubleSupplier question) {
        try {
            return question.getAsDouble();
        } catch (UnavailableException e) {
            return Double.NaN;
        }
    }
}
