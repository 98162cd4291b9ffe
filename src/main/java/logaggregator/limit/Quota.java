package logaggregator.limit;

import java.time.Duration;

/**
 * How much of something somebody may have.
 *
 * @param owner who, and of what: those who have the same share one quota
 * @param amount in any time as long as the window, whenever it begins
 */
public record Quota(String owner, int amount, Duration window) {

    /** What is used is noted by parts of the window: used up is it until the part is over a whole window ago. */
    public static final int PARTS = 60;

    public long partMillis() {
        return window.toMillis() / PARTS;
    }
}
