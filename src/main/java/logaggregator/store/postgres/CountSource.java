package logaggregator.store.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import logaggregator.search.Expression;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers, whose sum is the number of logs that match a filter: whole hours from their numbers by hour, what
 * remains of the first and the last hour one by one.
 */
record CountSource(String sql, List<Object> values) {

    private static final Duration HOUR = Duration.ofHours(1);

    private static final String BY_HOUR = "SELECT c.hour AS time, c.level, c.service, apps.name AS app, c.app_id, c.n"
            + " FROM (SELECT * FROM counts UNION ALL SELECT * FROM count_deltas) AS c JOIN apps ON apps.id = c.app_id"
            + " WHERE true";

    private static final String ONE_BY_ONE =
            "SELECT timestamp AS time, level, service, app, app_id, 1 AS n FROM logs WHERE ";

    static CountSource of(LogFilter filter) {
        List<String> parts = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        Instant start = filter.start();
        Instant end = filter.end();
        Instant first = start == null ? null : ceiling(start);
        Instant last = end == null ? null : end.truncatedTo(ChronoUnit.HOURS);
        boolean hasWholeHours = first == null || last == null || first.isBefore(last);
        if (!hasWholeHours || !Dimensions.suffice(filter.condition())) {
            return oneByOne(filter);
        }
        addByHour(filter.condition(), first, last, parts, values);
        if (start != null && !start.equals(first)) {
            addOneByOne(filter.condition(), start, first, parts, values);
        }
        if (end != null && !end.equals(last)) {
            addOneByOne(filter.condition(), last, end, parts, values);
        }
        return new CountSource(String.join(" UNION ALL ", parts), values);
    }

    /** The same, with the time of each log. */
    static CountSource oneByOne(LogFilter filter) {
        FilterSql sql = FilterSql.of(filter);
        return new CountSource(ONE_BY_ONE + sql.text(), sql.values());
    }

    private static Instant ceiling(Instant time) {
        Instant hour = time.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(time) ? hour : hour.plus(HOUR);
    }

    private static void addByHour(
            Expression condition,
            @Nullable Instant first,
            @Nullable Instant last,
            List<String> parts,
            List<Object> values) {
        String hours = BY_HOUR;
        if (first != null) {
            hours += " AND c.hour >= ?";
            values.add(FilterSql.toSql(first));
        }
        if (last != null) {
            hours += " AND c.hour < ?";
            values.add(FilterSql.toSql(last));
        }
        FilterSql sql = FilterSql.of(new LogFilter(condition, null, null));
        parts.add("SELECT * FROM (" + hours + ") AS h WHERE " + sql.text());
        values.addAll(sql.values());
    }

    private static void addOneByOne(
            Expression condition,
            @Nullable Instant from,
            @Nullable Instant to,
            List<String> parts,
            List<Object> values) {
        FilterSql sql = FilterSql.of(new LogFilter(condition, from, to));
        parts.add(ONE_BY_ONE + sql.text());
        values.addAll(sql.values());
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
