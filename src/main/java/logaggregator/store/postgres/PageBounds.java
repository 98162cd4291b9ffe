package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * Where the logs of a page lie, by the numbers that are kept. A service or a level has no index of its own, and a rare one
 * would be looked for in everything that was ever stored; so would a rare application whose id PostgreSQL doesn't know when it plans: it takes
 * every one for as frequent as the average.
 *
 * @param since as many as are wanted have this timestamp or a later one, unless some were deleted meanwhile; null when all
 *     of the time asked for must be looked at
 * @param apps ids of the applications that have any; null when all must be looked at
 */
record PageBounds(@Nullable Instant since, @Nullable Set<Integer> apps) {

    static final PageBounds NONE = new PageBounds(null, null);

    /** A shorter time is looked through as fast. */
    private static final Duration SHORT = Duration.ofHours(1);

    private static final Duration LAST_DAYS = Duration.ofDays(2);

    /** With more of them it no longer helps to name them. */
    private static final int MAX_APPS = 100;

    private static final Countable COUNTABLE = new Countable(EnumSet.allOf(TextField.class));
    private static final Countable OF_ALL_LOGS = new Countable(EnumSet.noneOf(TextField.class));

    private static final String DAYS = "SELECT date_trunc('day', time, 'UTC'), array_agg(DISTINCT app_id), sum(n)"
            + " FROM (%s) AS c GROUP BY 1 HAVING sum(n) > 0 ORDER BY 1 DESC";

    private record Day(Instant start, List<Integer> apps, long n) {

        Instant end() {
            return start.plus(1, ChronoUnit.DAYS);
        }
    }

    /** Whether looking at the numbers first is worth it; otherwise {@link #NONE} will do. */
    static boolean help(LogFilter filter, LogPage page) {
        return !counted(filter.condition()).accept(OF_ALL_LOGS) && !isShort(left(filter, page));
    }

    /** Looks at the numbers: of the last days first, since they mostly have a page of logs. */
    static PageBounds of(LogFilter filter, LogPage page, Queries queries) {
        LogFilter whole = wholeDays(counted(filter.condition()), left(filter, page));
        if (page.newestFirst() && filter.condition().accept(COUNTABLE)) {
            Instant end = left(filter, page).end();
            long wanted = (long) page.skip() + page.limit();
            List<Day> lastDays = days(lastDaysOf(whole), queries);
            Instant since = since(lastDays, end, wanted);
            if (since != null) {
                return of(since, lastDays);
            }
            List<Day> days = days(whole, queries);
            return of(since(days, end, wanted), days);
        }
        return of(null, days(whole, queries));
    }

    private static PageBounds of(@Nullable Instant since, List<Day> days) {
        Set<Integer> apps = new TreeSet<>();
        days.stream()
                .filter(day -> since == null || !day.start().isBefore(since))
                .forEach(day -> apps.addAll(day.apps()));
        return new PageBounds(since, apps.size() > MAX_APPS ? null : apps);
    }

    private static List<Day> days(LogFilter filter, Queries queries) {
        CountSource source = CountSource.of(filter, CountSource.Detail.LEVEL_AND_SERVICE);
        return queries.list(
                DAYS.formatted(source.sql()),
                source.values(),
                (row, number) -> new Day(
                        row.getObject(1, OffsetDateTime.class).toInstant(),
                        List.of((Integer[]) row.getArray(2).getArray()),
                        row.getLong(3)));
    }

    private static LogFilter lastDaysOf(LogFilter whole) {
        Instant end = whole.end();
        Instant start =
                (end == null ? Instant.now() : end).truncatedTo(ChronoUnit.DAYS).minus(LAST_DAYS);
        boolean isShorter = whole.start() != null && whole.start().isAfter(start);
        return isShorter ? whole : new LogFilter(whole.condition(), start, whole.end());
    }

    void addTo(FilterSql condition) {
        if (since != null) {
            condition.and("timestamp >= ?", FilterSql.toSql(since));
        }
        if (apps != null && apps.size() == 1) {
            // not ANY: then the index of applications and times would not be in the order of the times
            condition.and("app_id = ?", apps.iterator().next());
        } else if (apps != null) {
            condition.and("app_id = ANY (?::int[])", (Object) apps.toArray(Integer[]::new));
        }
    }

    /** As much of a condition as numbers can decide. */
    private static Expression counted(Expression condition) {
        if (condition.accept(COUNTABLE)) {
            return condition;
        }
        return condition instanceof Expression.And and
                ? Expression.and(and.parts().stream().map(PageBounds::counted).toList())
                : Expression.ALL;
    }

    /** What is left of the time asked for after the pages before. */
    private static LogFilter left(LogFilter filter, LogPage page) {
        LogPage.Position after = page.after();
        if (after == null) {
            return filter;
        }
        return page.newestFirst()
                ? new LogFilter(
                        filter.condition(), filter.start(), after.timestamp().plus(1, ChronoUnit.MICROS))
                : new LogFilter(filter.condition(), after.timestamp(), filter.end());
    }

    private static boolean isShort(LogFilter filter) {
        Instant start = filter.start();
        Instant end = filter.end();
        return start != null
                && Duration.between(start, end == null ? Instant.now() : end).compareTo(SHORT) <= 0;
    }

    private static LogFilter wholeDays(Expression condition, LogFilter filter) {
        Instant start = filter.start();
        Instant end = filter.end();
        return new LogFilter(
                condition,
                start == null ? null : start.truncatedTo(ChronoUnit.DAYS),
                end == null ? null : end.plus(1, ChronoUnit.DAYS).minusNanos(1).truncatedTo(ChronoUnit.DAYS));
    }

    /** The day that has the last of as many as are wanted; a day that lies within the time in part is not counted on. */
    private static @Nullable Instant since(List<Day> days, @Nullable Instant end, long wanted) {
        long found = 0;
        for (Day day : days) {
            if (end == null || !day.end().isAfter(end)) {
                found += day.n();
            }
            if (found >= wanted) {
                return day.start();
            }
        }
        return null;
    }
}
