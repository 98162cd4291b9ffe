package logaggregator.store;

import java.time.Duration;
import java.util.List;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;

/**
 * Counts stored logs. All methods throw {@link UnavailableException} when they can't answer, and
 * {@link QueryTimedOutException} when it would take too long.
 */
public interface StatsReader {

    LogStats stats(LogFilter filter);

    /**
     * How the logs that match are distributed in time, intervals without any included. The first and the last interval may
     * reach beyond the time of the filter; logs there aren't counted.
     *
     * @param filter with a start and an end
     * @param interval whole seconds
     */
    List<HistogramBucket> histogram(LogFilter filter, Duration interval);

    /** @param size how many values of each field, and how many keys of the metadata, at most */
    LogFields fields(LogFilter filter, int size);
}
