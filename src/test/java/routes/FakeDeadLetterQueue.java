package routes;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Batch;
import logaggregator.deadletter.DeadLetterQueue;

/** Keeps the batches whose rejections were added. */
final class FakeDeadLetterQueue implements DeadLetterQueue {

    final Faults faults = new Faults();
    final List<Batch> added = new ArrayList<>();
    private final List<String> calls;

    FakeDeadLetterQueue(List<String> calls) {
        this.calls = calls;
    }

    @Override
    public void add(Batch batch) {
        calls.add("dead-letter");
        faults.strike();
        added.add(batch);
    }
}
