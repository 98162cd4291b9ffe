package logaggregator.limit;

import java.util.concurrent.TimeUnit;

/**
 * What became of an attempt to take something of a quota.
 *
 * @param allowed whether it was taken; nothing is otherwise
 * @param left how much may be taken now
 * @param millisToEnough until as much as was wanted may be taken; 0 when it was
 * @param millisToMore until there is something again; 0 when something is left
 * @param millisToAll until the whole quota is there again, if nothing more is taken
 */
public record Taken(boolean allowed, long left, long millisToEnough, long millisToMore, long millisToAll) {

    public int secondsToWait() {
        return allowed ? 0 : seconds(millisToEnough);
    }

    public int secondsToReset() {
        return seconds(millisToAll);
    }

    /** At least one: whoever waits that long doesn't come too early. */
    static int seconds(long millis) {
        return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(millis + TimeUnit.SECONDS.toMillis(1) - 1));
    }
}
