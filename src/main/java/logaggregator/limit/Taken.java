package logaggregator.limit;

/**
 * What became of an attempt to take something of a quota.
 *
 * @param allowed whether it was taken; nothing is otherwise
 * @param left how much may be taken until {@code secondsToReset}
 * @param secondsToWait until as much may be taken; 0 when it was
 * @param secondsToReset until the whole quota is there again
 */
public record Taken(boolean allowed, long left, int secondsToWait, int secondsToReset) {}
