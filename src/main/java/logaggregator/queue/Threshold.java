package logaggregator.queue;

/** A limit that counts as exceeded until the value has fallen well below it, so that the answer doesn't flutter. */
final class Threshold {

    private final double limit;
    private final double release;
    private volatile boolean exceeded;

    /** @param release how far the value must fall again */
    Threshold(double limit, double release) {
        this.limit = limit;
        this.release = release;
    }

    /** @return true when the answer is another one now */
    boolean observe(double value) {
        boolean before = exceeded;
        exceeded = before ? value >= release : value >= limit;
        return exceeded != before;
    }

    boolean isExceeded() {
        return exceeded;
    }
}
