package logaggregator.queue;

import logaggregator.ingest.IngestLimits;

/**
 * How many records wait, and how fast they are stored. Entries that others put on the queue, or delete from it, aren't
 * counted by the ledger: whenever the queue is seen empty, the count begins anew. Used by one thread at a time.
 */
public final class Backlog {

    /** How long a change of the rate takes to show. */
    private static final double SMOOTHING_SECONDS = 10;

    private long waiting;
    private long uncounted;
    private long settled = Long.MAX_VALUE;
    private long measuredAt;
    private double ratePerSecond;

    public void observe(QueueLoad load, long nanoTime) {
        long difference = load.accepted() - load.settled();
        if (load.settled() < settled) {
            uncounted = 0; // the counts began anew
        }
        if (load.entries() == 0) {
            uncounted = difference;
        }
        waiting = Math.min(Math.max(0, difference - uncounted), load.entries() * IngestLimits.MAX_RECORDS_PER_ENTRY);
        if (load.settled() >= settled) {
            double seconds = Math.max(1, nanoTime - measuredAt) / 1e9;
            double latest = (load.settled() - settled) / seconds;
            ratePerSecond += (latest - ratePerSecond) * (1 - Math.exp(-seconds / SMOOTHING_SECONDS));
        }
        settled = load.settled();
        measuredAt = nanoTime;
    }

    /** Records that wait, as of the last observation. */
    public long waiting() {
        return waiting;
    }

    /** Records stored per second, on average of the last seconds. */
    double ratePerSecond() {
        return ratePerSecond;
    }
}
