package logaggregator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.search.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What was stored lately, by when it was stored and by the clock of the database: neither a producer's clock nor a long wait
 * in the queue hides a log. All but {@link #read} ends after two seconds. All methods throw {@link UnavailableException} when
 * they can't answer.
 */
public interface RecentLogs {

    /** Longest window, in seconds. */
    int MAX_WINDOW = 86_400;

    /** Numbers are exact to the second, to 10 seconds, to the minute and to 10 minutes, in windows up to so many seconds. */
    List<Integer> HORIZONS = List.of(120, 1_200, 10_800, MAX_WINDOW);

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
     * Which sources to count.
     *
     * @param fields what tells them apart; those that differ in another field only are one, in which that field is empty
     * @param values the values that matter, by field; all of those that aren't named
     */
    record Sources(Set<SourceField> fields, Map<SourceField, Set<String>> values) {}

    /**
     * How well logs are counted.
     *
     * @param at now
     * @param since from when on logs are counted
     * @param gaps of the last day, in which nothing was counted
     */
    record Reading(Instant at, Instant since, List<Gap> gaps) {}

    /** A time in which nothing could be counted: the database was away, or all who count. */
    record Gap(Instant end, Duration length) {}

    /** How many logs of one source were stored between two points in time. */
    record Part(Instant begin, Instant end, Source source, long n) {}

    /** @param shortestGap shorter ones are none */
    Reading read(Duration shortestGap);

    /**
     * Adds up the numbers that the writers keep; what isn't folded yet isn't in them, see {@link StoreMaintenance#foldCounts}.
     *
     * @param windows lengths in seconds; as exact as {@link #HORIZONS} says, and rather longer than shorter
     * @return by window, those sources that have logs in it
     * @throws QueryTimedOutException when it takes too long
     * @throws TooManySourcesException when there are more than 20,000
     */
    Map<Integer, Map<Source, Long>> counts(SortedSet<Integer> windows, Sources sources);

    /**
     * When sources were heard last, of those that had a log within the last seven days.
     *
     * @throws QueryTimedOutException when it takes too long
     * @throws TooManySourcesException when there are more than 20,000
     */
    Map<Source, Instant> lastStored(Sources sources);

    /**
     * The same numbers as {@link #counts}, part by part: as short as windows are exact.
     *
     * @param from those that end later; at most a day ago
     * @throws QueryTimedOutException when it takes too long
     * @throws TooManySourcesException when there are more than 200,000 parts
     */
    List<Part> parts(Instant from, Sources sources);

    /**
     * Counts logs one by one.
     *
     * @param shortestGap within a longer time without a count of what was stored one looks where the window begins; within a
     *     shorter one it begins at the count before
     * @param groupBy what to count by; null counts all under {@code ""}
     * @throws QueryTimedOutException when it takes too long
     * @throws TooManySourcesException when there are more than 20,000 groups
     */
    Map<String, Long> search(Expression condition, int window, Duration shortestGap, @Nullable SourceField groupBy);

    /**
     * The messages of the log that was stored first in the window and of the one that was stored last; empty when there is
     * none.
     *
     * @throws QueryTimedOutException when it takes too long
     */
    List<String> firstAndLast(Collection<Expression> conditions, int window, Duration shortestGap);
}
