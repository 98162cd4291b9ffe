package logaggregator.store;

import logaggregator.UnavailableException;

/**
 * Counts stored logs. All methods throw {@link UnavailableException} when they can't answer, and
 * {@link QueryTimedOutException} when it would take too long.
 */
public interface StatsReader {

    LogStats stats(LogFilter filter);
}
