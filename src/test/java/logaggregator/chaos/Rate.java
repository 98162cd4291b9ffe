package logaggregator.chaos;

/** So many records a second, and not many more after a pause. Thread-safe. */
final class Rate {

    private static final int MAX_PAUSE_SECONDS = 5;

    private final int perSecond;
    private double available;
    private long last = System.nanoTime();

    Rate(int perSecond) {
        this.perSecond = perSecond;
    }

    void take(int count) {
        while (!tryTake(count)) {
            Pause.millis(5);
        }
    }

    private synchronized boolean tryTake(int count) {
        long now = System.nanoTime();
        available = Math.min(available + (now - last) / 1e9 * perSecond, (double) perSecond * MAX_PAUSE_SECONDS);
        last = now;
        if (available < count) {
            return false;
        }
        available -= count;
        return true;
    }
}
