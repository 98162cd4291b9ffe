package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers, whose sum is the number of logs that match a filter: whole days, hours and intervals from their numbers,
 * what remains at both ends one by one.
 */
final class CountSource {

    /** The shortest time of which numbers are kept. */
    static final Duration INTERVAL = Duration.ofMinutes(5);

    /** What a number is asked by. */
    enum Detail {
        LEVEL,
        LEVEL_AND_SERVICE
    }

    /** Tables of numbers, each with the logs of its unit of time, by application, level and mostly service. */
    private enum Numbers {
        DAYS("day_counts", "day", Duration.ofDays(1), EnumSet.allOf(TextField.class)),
        HOURS("counts", "hour", Duration.ofHours(1), EnumSet.allOf(TextField.class)),
        INTERVALS("interval_counts", "start", INTERVAL, EnumSet.of(TextField.APP, TextField.LEVEL));

        private final String table;
        private final String time;
        private final Duration unit;
        private final Countable countable;

        Numbers(String table, String time, Duration unit, Set<TextField> fields) {
            this.table = table;
            this.time = time;
            this.unit = unit;
            this.countable = new Countable(fields);
        }

        boolean serve(Expression condition, Duration interval, Detail detail) {
            return interval.toSeconds() % unit.toSeconds() == 0
                    && (hasService() || detail == Detail.LEVEL)
                    && condition.accept(countable);
        }

        boolean hasService() {
            return countable.fields().contains(TextField.SERVICE);
        }
    }

    private final Expression condition;
    private final List<String> parts = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private boolean readsLogs;

    private CountSource(Expression condition) {
        this.condition = condition;
    }

    static CountSource of(LogFilter filter, Detail detail) {
        return of(filter, Numbers.DAYS.unit, detail);
    }

    /** The same, for adding up by an interval of time. */
    static CountSource of(LogFilter filter, Duration interval, Detail detail) {
        CountSource source = new CountSource(filter.condition());
        List<Numbers> numbers = Stream.of(Numbers.values())
                .filter(one -> one.serve(filter.condition(), interval, detail))
                .toList();
        source.addAll(new Range(filter.start(), filter.end()), numbers);
        return source;
    }

    /** Whether some are counted one by one. */
    boolean readsLogs() {
        return readsLogs;
    }

    String sql() {
        return String.join(" UNION ALL ", parts);
    }

    List<Object> values() {
        return values;
    }

    private void addAll(Range range, List<Numbers> numbers) {
        Range whole = numbers.isEmpty() ? Range.NONE : range.whole(numbers.get(numbers.size() - 1).unit);
        if (whole.isEmpty()) {
            addOneByOne(range);
            return;
        }
        addFolded(whole, numbers);
        add("count_deltas", "start", "service", whole);
        range.around(whole).forEach(this::addOneByOne);
    }

    /** As much of it as possible from the first of the tables, the rest from the others. */
    private void addFolded(Range range, List<Numbers> numbers) {
        Numbers first = numbers.get(0);
        List<Numbers> others = numbers.subList(1, numbers.size());
        Range whole = range.whole(first.unit);
        if (whole.isEmpty()) {
            addFolded(range, others);
            return;
        }
        add(first.table, first.time, first.hasService() ? "service" : "NULL", whole);
        range.around(whole).forEach(rest -> addFolded(rest, others));
    }

    private void add(String table, String time, String service, Range range) {
        FilterSql sql = FilterSql.of(new LogFilter(condition, null, null));
        parts.add("SELECT " + time + " AS time, level, " + service + " AS service, app_id, n FROM " + table + " WHERE "
                + sql.text()
                + (range.start == null ? "" : " AND " + time + " >= ?")
                + (range.end == null ? "" : " AND " + time + " < ?"));
        values.addAll(sql.values());
        Stream.of(range.start, range.end)
                .filter(Objects::nonNull)
                .map(FilterSql::toSql)
                .forEach(values::add);
    }

    private void addOneByOne(Range range) {
        readsLogs = true;
        FilterSql sql = FilterSql.of(new LogFilter(condition, range.start, range.end));
        parts.add("SELECT timestamp AS time, level, service, app_id, 1 AS n FROM logs WHERE " + sql.text());
        values.addAll(sql.values());
    }

    /** From the start on and before the end; null is no limit. */
    private record Range(@Nullable Instant start, @Nullable Instant end) {

        static final Range NONE = new Range(Instant.EPOCH, Instant.EPOCH);

        boolean isEmpty() {
            return start != null && end != null && !start.isBefore(end);
        }

        /** The whole units in it. */
        Range whole(Duration unit) {
            return new Range(
                    start == null ? null : floor(start.plus(unit).minusNanos(1), unit),
                    end == null ? null : floor(end, unit));
        }

        /** What remains of it before and after a part of it. */
        List<Range> around(Range part) {
            return Stream.of(new Range(start, part.start), new Range(part.end, end))
                    .filter(rest -> rest.start != null && rest.end != null && !rest.isEmpty())
                    .toList();
        }

        private static Instant floor(Instant time, Duration unit) {
            return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), unit.toSeconds()) * unit.toSeconds());
        }
    }
}
