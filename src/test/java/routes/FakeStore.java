package routes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import logaggregator.Batch;
import logaggregator.Durability;
import logaggregator.store.LogStore;

/** Takes every batch, unless told that it can't, or that some records are not to its liking. */
final class FakeStore implements LogStore {

    final Faults faults = new Faults();

    /** Each batch it was asked to append, the failed attempts included. */
    final List<Batch> asked = new ArrayList<>();

    private final Deque<Integer> refused = new ArrayDeque<>();
    private final List<String> calls;

    FakeStore(List<String> calls) {
        this.calls = calls;
    }

    /** The next batch that could be stored comes back without this record of its first chunk. */
    void refuseOnce(int index) {
        refused.add(index);
    }

    @Override
    public Batch append(Batch batch) {
        calls.add("append");
        asked.add(batch);
        faults.strike();
        return refused.isEmpty()
                ? batch.withDurability(Durability.POSTGRES)
                : batch.without(List.of(Batches.rejection(batch, refused.remove())));
    }
}
