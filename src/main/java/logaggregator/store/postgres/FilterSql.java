package logaggregator.store.postgres;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.search.Expression;
import logaggregator.search.Glob;
import logaggregator.search.Interval;
import logaggregator.store.LogFilter;

/**
 * A filter as a condition of SQL. Each value is a parameter, also those within a path of JSON; a condition is never NULL,
 * so that it may be negated. Used by one thread for one query.
 */
final class FilterSql implements Expression.Visitor<Void> {

    private static final Map<Expression.TextField, String> COLUMNS = Map.of(
            Expression.TextField.LEVEL, "level",
            Expression.TextField.SERVICE, "service");

    /** The logs of an application that is deleted go in slices; none is seen from the first on. */
    static final String VISIBLE = "app_id NOT IN (SELECT app_id FROM app_deletions)";

    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** The condition; {@code true} when everything matches. */
    static FilterSql of(LogFilter filter) {
        FilterSql condition = new FilterSql();
        filter.condition().accept(condition);
        condition.andBetween(filter.start(), filter.end());
        return condition.and(VISIBLE);
    }

    String text() {
        return sql.toString();
    }

    List<Object> values() {
        return values;
    }

    FilterSql and(String condition, Object... parameters) {
        sql.append(" AND ").append(condition);
        values.addAll(List.of(parameters));
        return this;
    }

    void andBetween(@org.jspecify.annotations.Nullable Instant start, @org.jspecify.annotations.Nullable Instant end) {
        if (start != null) {
            and("timestamp >= ?", toSql(start));
        }
        if (end != null) {
            and("timestamp < ?", toSql(end));
        }
    }

    static Object toSql(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    @Override
    public Void and(Expression.And and) {
        return join(and.parts(), " AND ", "true");
    }

    @Override
    public Void or(Expression.Or or) {
        return join(or.parts(), " OR ", "false");
    }

    private Void join(List<Expression> parts, String operator, String none) {
        sql.append(parts.isEmpty() ? none : "");
        for (int i = 0; i < parts.size(); i++) {
            sql.append(i == 0 ? "(" : operator);
            parts.get(i).accept(this);
        }
        sql.append(parts.isEmpty() ? "" : ")");
        return null;
    }

    @Override
    public Void not(Expression.Not not) {
        sql.append("NOT (");
        not.part().accept(this);
        sql.append(")");
        return null;
    }

    @Override
    public Void inMessage(Expression.InMessage inMessage) {
        return add("message ILIKE ?", "%" + inMessage.part().toLike() + "%");
    }

    @Override
    public Void text(Expression.Text text) {
        Glob value = text.value();
        if (text.field() == Expression.TextField.APP) {
            return app(value);
        }
        String column = COLUMNS.get(text.field());
        return value.isLiteral() ? add(column + " = ?", value.literal()) : add(column + " LIKE ?", value.toLike());
    }

    /** By its id, which the index has. */
    private Void app(Glob name) {
        return name.isLiteral()
                ? add("app_id = coalesce((SELECT id FROM apps WHERE name = ?), -1)", name.literal())
                : add("app_id = ANY (ARRAY(SELECT id FROM apps WHERE name LIKE ?))", name.toLike());
    }

    @Override
    public Void number(Expression.Number number) {
        return within(number.field() == Expression.NumberField.ID ? "id" : "app_id", number.range(), value -> value);
    }

    @Override
    public Void time(Expression.Time time) {
        String column = time.field() == Expression.TimeField.TIMESTAMP ? "timestamp" : "received_at";
        return within(column, time.range(), FilterSql::toSql);
    }

    private <T> Void within(String column, Interval<T> range, Function<T, Object> parameter) {
        sql.append("(true");
        if (range.low() != null) {
            and(column + (range.includesLow() ? " >= ?" : " > ?"), parameter.apply(range.low()));
        }
        if (range.high() != null) {
            and(column + (range.includesHigh() ? " <= ?" : " < ?"), parameter.apply(range.high()));
        }
        sql.append(")");
        return null;
    }

    /** A path in the lax mode of SQL/JSON: it looks into arrays, and finds nothing where there is nothing. */
    @Override
    public Void metadata(Expression.Metadata metadata) {
        StringBuilder path = new StringBuilder("$");
        metadata.path().forEach(key -> path.append('.').append(quoted(key)));
        if (!(metadata.condition() instanceof Expression.Exists)) {
            path.append(" ? (").append(predicate(metadata.condition())).append(')');
        }
        return add("coalesce(jsonb_path_exists(metadata_, ?::jsonpath), false)", path.toString());
    }

    private static String predicate(Expression.Condition condition) {
        if (condition instanceof Expression.Equal equal) {
            return equal(equal);
        }
        if (condition instanceof Expression.Like like) {
            return "@ like_regex " + quoted(like.value().toRegex()) + " flag \"s\"";
        }
        return condition instanceof Expression.NumberWithin numbers
                ? within(numbers.range(), BigDecimal::toPlainString, "@ != null && @.type() == \"number\"")
                : within(((Expression.TextWithin) condition).range(), FilterSql::quoted, "@.type() == \"string\"");
    }

    private static String equal(Expression.Equal equal) {
        List<String> forms = new ArrayList<>(List.of("@ == " + quoted(equal.value())));
        if (!equal.textOnly()) {
            equal.number().ifPresent(number -> forms.add("@ == " + number.toPlainString()));
            if (List.of("true", "false", "null").contains(equal.value())) {
                forms.add("@ == " + equal.value());
            }
        }
        return String.join(" || ", forms);
    }

    private static <T> String within(Interval<T> range, Function<T, String> literal, String type) {
        List<String> bounds = new ArrayList<>(List.of(type));
        if (range.low() != null) {
            bounds.add((range.includesLow() ? "@ >= " : "@ > ") + literal.apply(range.low()));
        }
        if (range.high() != null) {
            bounds.add((range.includesHigh() ? "@ <= " : "@ < ") + literal.apply(range.high()));
        }
        return String.join(" && ", bounds);
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private Void add(String condition, Object value) {
        sql.append(condition);
        values.add(value);
        return null;
    }
}
