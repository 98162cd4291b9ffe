package routes;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import logaggregator.UnavailableException;

/** What the next calls of a fake throw; when there are none left, it works. */
final class Faults {

    private final Deque<RuntimeException> next = new ArrayDeque<>();

    static UnavailableException unavailable() {
        return new UnavailableException("not now", new IllegalStateException("made up by the test"));
    }

    void unavailable(int times) {
        next.addAll(Collections.nCopies(times, unavailable()));
    }

    void add(RuntimeException fault) {
        next.add(fault);
    }

    void strike() {
        if (!next.isEmpty()) {
            throw next.remove();
        }
    }
}
