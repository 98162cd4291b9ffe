package logaggregator.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logaggregator.Durability;
import logaggregator.UnavailableException;

/** A queue that tells what the test says. */
public final class MeasuredQueue implements LogQueue {

    public QueueLoad load = new QueueLoad(0, 0, 0, 0);
    public boolean away;

    @Override
    public QueueLoad load() {
        if (away) {
            throw new UnavailableException("away", new IllegalStateException("made up by the test"));
        }
        return load;
    }

    @Override
    public Durability durability() {
        return Durability.FSYNC;
    }

    @Override
    public void requireSafe() {}

    @Override
    public List<String> risks() {
        return List.of();
    }

    @Override
    public Map<UUID, String> queued(Collection<UUID> chunks) {
        return Map.of();
    }

    @Override
    public Instant oldestArrival() {
        return Instant.EPOCH;
    }

    @Override
    public void trim() {}

    @Override
    public Duration delay() {
        return Duration.ZERO;
    }

    @Override
    public Unacknowledged unacknowledged() {
        return Unacknowledged.NOTHING;
    }

    @Override
    public void ping() {}

    @Override
    public String location() {
        return "memory";
    }
}
