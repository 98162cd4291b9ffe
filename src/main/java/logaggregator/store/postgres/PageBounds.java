package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;
import logaggregator.store.LogFilter;
import logaggregator.store.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * Where the logs of a page lie, by the numbers that are kept. A service or a level has no index of its own, and a rare one
 * would be looked for in everything that was ever stored; so would a rare application whose id PostgreSQL doesn't know when it plans: it takes
 * every one for as frequent as the average. And a query that has no bound in time locks the partition of each day that there is.
 *
 * @param start as many as are wanted have this timestamp or a later one, unless some were deleted meanwhile; null when there is
 *     no such bound
 * @param end the same: they lie before it
 * @param apps ids of the applications that have any; null when all must be looked at
 */
record PageBounds(
        @Nullable Instant start,
        @Nullable Instant end,
        @Nullable Set<Integer> apps) {

    static final PageBounds NONE = new PageBounds(null, null, null);

    /** A shorter time is looked through as fast. */
    private static final Duration SHORT = Duration.ofHours(1);

    /** Those that mostly have a page of logs, besides the nearest one. */
    private static final Duration NEAREST_DAYS = Duration.ofDays(2);

    /** With more of them it no longer helps to name them. */
    private static final int MAX_APPS = 100;

    private static final Countable COUNTABLE = new Countable(EnumSet.allOf(TextField.class));
    private static final Countable OF_ALL_LOGS = new Countable(EnumSet.noneOf(TextField.class));

    private static final String DAYS = "SELECT date_trunc('day', time, 'UTC'), %s, sum(n)"
            + " FROM (%s) AS c GROUP BY 1 HAVING sum(n) > 0 ORDER BY 1%s";

    /** @param apps not where all applications are asked for */
    private record Day(Instant start, List<Integer> apps, long n) {

        Instant end() {
            return start.plus(1, ChronoUnit.DAYS);
        }

        boolean isWithin(LogFilter time) {
            return (time.start() == null || !start.isBefore(time.start()))
                    && (time.end() == null || !end().isAfter(time.end()));
        }
    }

    /** Whether looking at the numbers first is worth it; otherwise {@link #NONE} will do. */
    static boolean help(LogFilter filter, LogPage page) {
        boolean tells = filter.condition().accept(COUNTABLE) || isRestricted(filter);
        return tells && !isShort(left(filter, page));
    }

    /** Looks at the numbers: of the nearest days first, since they mostly have a page of logs. */
    static PageBounds of(LogFilter filter, LogPage page, Queries queries) {
        LogFilter left = left(filter, page);
        LogFilter whole = wholeDays(counted(filter.condition()), left);
        if (!filter.condition().accept(COUNTABLE)) {
            return new PageBounds(null, null, apps(days(whole, page, queries)));
        }
        List<Day> days = upToLastOf(page, days(nearest(whole, page, queries), page, queries), left);
        if (days.isEmpty()) {
            List<Day> all = days(whole, page, queries);
            days = upToLastOf(page, all, left);
            if (days.isEmpty()) {
                return new PageBounds(null, null, isRestricted(filter) || all.isEmpty() ? apps(all) : null);
            }
        }
        Day last = days.get(days.size() - 1);
        return new PageBounds(
                page.newestFirst() ? last.start() : null,
                page.newestFirst() ? null : last.end(),
                isRestricted(filter) ? apps(days) : null);
    }

    boolean areInTime() {
        return start != null || end != null;
    }

    /** Whether nothing can match. */
    boolean areEmpty() {
        return apps != null && apps.isEmpty();
    }

    void addTo(FilterSql condition) {
        condition.andBetween(start, end);
        if (apps != null && apps.size() == 1) {
            // not ANY: then the index of applications and times would not be in the order of the times
            condition.and("app_id = ?", apps.iterator().next());
        } else if (apps != null) {
            condition.and("app_id = ANY (?::int[])", (Object) apps.toArray(Integer[]::new));
        }
    }

    /** Whether the numbers are those of a part of the logs. */
    private static boolean isRestricted(LogFilter filter) {
        return !counted(filter.condition()).accept(OF_ALL_LOGS);
    }

    private static @Nullable Set<Integer> apps(List<Day> days) {
        Set<Integer> apps =
                days.stream().flatMap(day -> day.apps().stream()).collect(Collectors.toCollection(TreeSet::new));
        return apps.size() > MAX_APPS ? null : apps;
    }

    private static List<Day> days(LogFilter filter, LogPage page, Queries queries) {
        CountSource source = CountSource.of(filter, CountSource.Detail.LEVEL_AND_SERVICE);
        return queries.list(
                DAYS.formatted(
                        isRestricted(filter) ? "array_agg(DISTINCT app_id)" : "'{}'::int[]",
                        source.sql(),
                        page.newestFirst() ? " DESC" : ""),
                source.values(),
                (row, number) -> new Day(
                        row.getObject(1, OffsetDateTime.class).toInstant(),
                        List.of((Integer[]) row.getArray(2).getArray()),
                        row.getLong(3)));
    }

    /** From the first day that has logs, in the order of the page. */
    private static LogFilter nearest(LogFilter whole, LogPage page, Queries queries) {
        Instant start = whole.start();
        Instant end = whole.end();
        if (page.newestFirst()) {
            Instant now = Instant.now();
            Instant latest = end == null || end.isAfter(now) ? now : end;
            Instant newest = day("SELECT max(day) FROM day_counts WHERE day < ?", latest, queries);
            Instant from = (newest == null ? latest : newest)
                    .truncatedTo(ChronoUnit.DAYS)
                    .minus(NEAREST_DAYS);
            return new LogFilter(whole.condition(), start != null && start.isAfter(from) ? start : from, end);
        }
        Instant oldest =
                day("SELECT min(day) FROM day_counts WHERE day >= ?", start == null ? Instant.EPOCH : start, queries);
        if (oldest == null) {
            return whole;
        }
        Instant to = oldest.plus(1, ChronoUnit.DAYS).plus(NEAREST_DAYS);
        return new LogFilter(whole.condition(), start, end != null && end.isBefore(to) ? end : to);
    }

    private static @Nullable Instant day(String sql, Instant bound, Queries queries) {
        return queries.list(
                        sql,
                        List.of(FilterSql.toSql(bound)),
                        (row, number) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
                .get(0)
                .map(OffsetDateTime::toInstant)
                .orElse(null);
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

    /**
     * The days up to the one that has the last of the page; none when they don't have as many. A day that lies within the time in
     * part is not counted on.
     */
    private static List<Day> upToLastOf(LogPage page, List<Day> days, LogFilter time) {
        long wanted = (long) page.skip() + page.limit();
        long found = 0;
        for (int i = 0; i < days.size(); i++) {
            found += days.get(i).isWithin(time) ? days.get(i).n() : 0;
            if (found >= wanted) {
                return days.subList(0, i + 1);
            }
        }
        return List.of();
    }
}
