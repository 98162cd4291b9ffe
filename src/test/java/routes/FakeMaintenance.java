package routes;

import java.time.Instant;
import java.util.List;
import logaggregator.store.StoreMaintenance;

/** Notes what it was asked to do. */
final class FakeMaintenance implements StoreMaintenance {

    private final List<String> calls;
    private final Faults faults;

    FakeMaintenance(List<String> calls, Faults faults) {
        this.calls = calls;
        this.faults = faults;
    }

    @Override
    public void prepareDays() {
        note("storeMaintenance.prepareDays");
    }

    @Override
    public void pruneReceipts(Instant oldestWaiting) {
        note("storeMaintenance.pruneReceipts");
    }

    @Override
    public void foldCounts() {
        note("storeMaintenance.foldCounts");
    }

    @Override
    public void thinRecentCounts() {
        note("storeMaintenance.thinRecentCounts");
    }

    @Override
    public void ping() {
        faults.strike();
    }

    @Override
    public String location() {
        return "memory";
    }

    private void note(String call) {
        calls.add(call);
        faults.strike();
    }
}
