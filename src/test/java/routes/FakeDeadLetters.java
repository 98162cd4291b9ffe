package routes;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Batch;

/** Keeps the batches whose rejections were added. */
public final class FakeDeadLetters {

    final Faults faults = new Faults();
    final List<Batch> added = new ArrayList<>();
    private final List<String> calls;

    FakeDeadLetters(List<String> calls) {
        this.calls = calls;
    }

    public Batch exclude(Batch batch) {
        return batch;
    }

    public void add(Batch batch) {
        calls.add("dead-letter");
        faults.strike();
        added.add(batch);
    }
}
