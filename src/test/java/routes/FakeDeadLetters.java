package routes;

import java.util.List;

/** Notes that it was asked to publish. */
public final class FakeDeadLetters {

    final Faults faults = new Faults();
    private final List<String> calls;

    FakeDeadLetters(List<String> calls) {
        this.calls = calls;
    }

    public void publish() {
        calls.add("publish");
        faults.strike();
    }
}
