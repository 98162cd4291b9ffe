package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import logaggregator.search.Expression;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers, whose sum is the number of logs that match a filter: whole days and hours from their numbers, what
 * remains of the first and the last hour one by one.
 */
final class CountSource {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Expression condition;
    private final List<String> parts = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    private CountSource(Expression condition) {
        this.condition = condition;
    }

    static CountSource of(LogFilter filter) {
        return of(filter, DAY);
    }

    /** The same, for adding up by an interval of time. */
    static CountSource of(LogFilter filter, Duration interval) {
        CountSource source = new CountSource(filter.condition());
        Range range = new Range(filter.start(), filter.end());
        if (isMultiple(interval, HOUR) && Dimensions.suffice(filter.condition())) {
            source.addHours(range, isMultiple(interval, DAY));
        } else {
            source.addOneByOne(range);
        }
        return source;
    }

    String sql() {
        return String.join(" UNION ALL ", parts);
    }

    List<Object> values() {
        return values;
    }

    private void addHours(Range range, boolean byDay) {
        Range hours = range.whole(HOUR);
        if (hours.isEmpty()) {
            addOneByOne(range);
            return;
        }
        Range days = hours.whole(DAY);
        if (byDay && !days.isEmpty()) {
            add("day_counts", "day", days);
            hours.around(days).forEach(rest -> add("counts", "hour", rest));
        } else {
            add("counts", "hour", hours);
        }
        add("count_deltas", "hour", hours);
        range.around(hours).forEach(this::addOneByOne);
    }

    private void add(String table, String time, Range range) {
        FilterSql sql = FilterSql.of(new LogFilter(condition, null, null));
        parts.add("SELECT " + time + " AS time, level, service, app_id, n FROM " + table + " WHERE " + sql.text()
                + (range.start == null ? "" : " AND " + time + " >= ?")
                + (range.end == null ? "" : " AND " + time + " < ?"));
        values.addAll(sql.values());
        Stream.of(range.start, range.end)
                .filter(Objects::nonNull)
                .map(FilterSql::toSql)
                .forEach(values::add);
    }

    private void addOneByOne(Range range) {
        FilterSql sql = FilterSql.of(new LogFilter(condition, range.start, range.end));
        parts.add("SELECT timestamp AS time, level, service, app_id, 1 AS n FROM logs WHERE " + sql.text());
        values.addAll(sql.values());
    }

    private static boolean isMultiple(Duration interval, Duration unit) {
        return interval.toSeconds() % unit.toSeconds() == 0;
    }

    /** From the start on and before the end; null is no limit. */
    private record Range(@Nullable Instant start, @Nullable Instant end) {

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

    /** Tells whether a condition can be decided from what the numbers by hour are kept by. */
    private static final class Dimensions implements Expression.Visitor<Boolean> {

        static boolean suffice(Expression condition) {
            return condition.accept(new Dimensions());
        }

        @Override
        public Boolean and(Expression.And and) {
            return and.parts().stream().allMatch(part -> part.accept(this));
        }

        @Override
        public Boolean or(Expression.Or or) {
            return or.parts().stream().allMatch(part -> part.accept(this));
        }

        @Override
        public Boolean not(Expression.Not not) {
            return not.part().accept(this);
        }

        @Override
        public Boolean inMessage(Expression.InMessage inMessage) {
            return false;
        }

        @Override
        public Boolean text(Expression.Text text) {
            return true;
        }

        @Override
        public Boolean number(Expression.Number number) {
            return number.field() == Expression.NumberField.APP_ID;
        }

        @Override
        public Boolean time(Expression.Time time) {
            return false;
        }

        @Override
        public Boolean metadata(Expression.Metadata metadata) {
            return false;
        }
    }
}
