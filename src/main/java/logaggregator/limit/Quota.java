package logaggregator.limit;

import java.time.Duration;

/**
 * How much of something somebody may have.
 *
 * @param owner who, and of what: those who have the same share one quota
 * @param amount in each window of time
 */
public record Quota(String owner, int amount, Duration window) {

    /** Names it in Redis: with another amount it is another quota. */
    public String key() {
        return owner + ':' + amount;
    }
}
