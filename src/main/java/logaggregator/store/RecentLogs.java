package logaggregator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.search.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What was stored lately, by when it was stored and by the clock of the database: neither a producer's clock nor a long wait
 * in the queue hides a log. All methods throw {@link UnavailableException} when they can't answer.
 */
public interface RecentLogs {

    /** Longest window, in seconds. */
    int MAX_WINDOW = 86_400;

    /** What logs are counted by. */
    record Source(String app, String level, String service) {}

    /** One of the fields of a {@link Source}. */
    enum SourceField {
        APP,
        LEVEL,
        SERVICE;

        public String of(Source source) {
            return switch (this) {
                case APP -> source.app();
                case LEVEL -> source.level();
                case SERVICE -> source.service();
            };
        }
    }

    /**
     * Numbers of logs.
     *
     * @param at when they were read
     * @param since from when on logs are counted
     * @param gaps of the last day, in which nothing was counted
     * @param counts by window, those sources that have logs in it
     * @param lastStored of sources that had a log within the last seven days
     */
    record Reading(
            Instant at,
            Instant since,
            List<Gap> gaps,
            Map<Integer, Map<Source, Long>> counts,
            Map<Source, Instant> lastStored) {}

    /** A time in which nothing could be counted: the database was away, or all who count. */
    record Gap(Instant end, Duration length) {}

    /** How many logs of one kind were stored between two points in time. */
    record Part<K>(Instant begin, Instant end, K kind, long n) {}

    /**
     * Reads the numbers that the writers keep; what isn't folded yet isn't in them, see {@link StoreMaintenance#foldCounts}.
     *
     * @param windows lengths in seconds; exact to the second up to 2 minutes, to 10 seconds up to 20 minutes, to the minute
     *     up to 3 hours, to 10 minutes beyond, and rather longer than shorter
     * @param shortestGap shorter ones are none
     */
    Reading read(SortedSet<Integer> windows, Duration shortestGap);

    /**
     * The same numbers, part by part: as short as windows are exact.
     *
     * @param from those that end later; at most a day ago
     * @throws QueryTimedOutException when it takes longer than two seconds
     */
    List<Part<Source>> parts(Instant from);

    /**
     * Counts logs one by one.
     *
     * @param groupBy what to count by; null counts all under {@code ""}
     * @throws QueryTimedOutException when it takes longer than two seconds
     */
    Map<String, Long> search(Expression condition, int window, @Nullable SourceField groupBy);

    /**
     * Counts logs one by one, part by part; a part is the time between two folds.
     *
     * @param from those that end later
     * @throws QueryTimedOutException when it takes longer than two seconds
     */
    List<Part<String>> searchParts(Expression condition, Instant from, @Nullable SourceField groupBy);

    /**
     * The messages of the log that was stored first in the window and of the one that was stored last; empty when there is
     * none.
     *
     * @throws QueryTimedOutException when it takes longer than two seconds
     */
    List<String> firstAndLast(Collection<Expression> conditions, int window);
}
