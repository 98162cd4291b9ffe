package logaggregator.queue;

import java.time.Duration;

/**
 * What consumers were given and have not acknowledged.
 *
 * @param entries how many
 * @param oldest for how long the oldest of them has been in the queue; zero when there is none
 */
public record Unacknowledged(long entries, Duration oldest) {

    public static final Unacknowledged NOTHING = new Unacknowledged(0, Duration.ZERO);
}
