package routes;

import java.time.Instant;
import java.util.List;
import logaggregator.Durability;
import logaggregator.queue.LogQueue;

/** A queue that keeps everything on disk. */
final class FakeQueue implements LogQueue {

    private final List<String> calls;
    private final Faults faults;

    FakeQueue(List<String> calls, Faults faults) {
        this.calls = calls;
        this.faults = faults;
    }

    @Override
    public Durability durability() {
        return Durability.FSYNC;
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
    public void ping() {
        faults.strike();
    }

    @Override
    public String location() {
        return "memory";
    }
}
