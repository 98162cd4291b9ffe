package routes;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logaggregator.Durability;
import logaggregator.queue.LogQueue;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.Unacknowledged;

/** A queue that keeps everything on disk. */
final class FakeQueue implements LogQueue {

    private final List<String> calls;
    private final Faults faults;
    boolean unsafe;
    QueueLoad load = new QueueLoad(0, 0, 0, 0);

    FakeQueue(List<String> calls, Faults faults) {
        this.calls = calls;
        this.faults = faults;
    }

    @Override
    public Durability durability() {
        return Durability.FSYNC;
    }

    @Override
    public Map<UUID, String> queued(Collection<UUID> chunks) {
        return Map.of();
    }

    @Override
    public void requireSafe() {
        if (unsafe) {
            throw Faults.unavailable();
        }
    }

    @Override
    public List<String> risks() {
        return List.of();
    }

    @Override
    public QueueLoad load() {
        return load;
    }

    @Override
    public void trim() {
        calls.add("logQueue.trim");
        faults.strike();
    }

    @Override
    public Instant oldestArrival() {
        return Instant.EPOCH;
    }

    @Override
    public Duration delay() {
        return Duration.ZERO;
    }

    @Override
    public Unacknowledged unacknowledged() {
        return Unacknowledged.NOTHING;
    }

    @Override
    public void ping() {
        faults.strike();
    }

    @Override
    public String location() {
        return "memory";
    }
}
