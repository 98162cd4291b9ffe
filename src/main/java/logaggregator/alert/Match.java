package logaggregator.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import logaggregator.search.Expression;
import logaggregator.search.Expression.TextField;
import logaggregator.search.Glob;
import logaggregator.store.RecentLogs.Source;
import logaggregator.store.RecentLogs.SourceField;
import org.jspecify.annotations.Nullable;

/**
 * Which logs a rule is about: those with one of the levels, one of the services and one of the applications, where any are
 * named, that the search finds too.
 *
 * @param search as it is written; may be blank
 * @param searched the same, read
 */
public record Match(List<String> levels, List<String> services, List<String> apps, String search, Expression searched) {

    /** Whether logs must be looked at one by one. */
    boolean needsSearch() {
        return !search.isBlank();
    }

    /** Those of which a log must have one; empty for any. */
    List<String> values(SourceField field) {
        return switch (field) {
            case APP -> apps;
            case LEVEL -> levels;
            case SERVICE -> services;
        };
    }

    /** Whether it is about logs of this source, as far as that can be told without the search. */
    boolean covers(Source source) {
        return (levels.isEmpty() || levels.contains(source.level()))
                && (services.isEmpty() || services.contains(source.service()))
                && (apps.isEmpty() || apps.contains(source.app()));
    }

    Expression toExpression() {
        List<Expression> conditions = new ArrayList<>();
        add(conditions, TextField.LEVEL, levels);
        add(conditions, TextField.SERVICE, services);
        add(conditions, TextField.APP, apps);
        if (needsSearch()) {
            conditions.add(searched);
        }
        return Expression.and(conditions);
    }

    private static void add(List<Expression> conditions, TextField field, List<String> values) {
        if (!values.isEmpty()) {
            conditions.add(Expression.or(
                    values.stream().map(value -> equal(field, value)).toList()));
        }
    }

    static Expression equal(TextField field, String value) {
        return new Expression.Text(field, Glob.literal(value));
    }

    /**
     * The same as one search.
     *
     * @param groupBy null: logs of all groups
     */
    String toSearch(@Nullable SourceField groupBy, String group) {
        List<String> conditions = new ArrayList<>();
        addSearch(conditions, SourceField.LEVEL, levels);
        addSearch(conditions, SourceField.SERVICE, services);
        addSearch(conditions, SourceField.APP, apps);
        if (groupBy != null) {
            addSearch(conditions, groupBy, List.of(group));
        }
        if (needsSearch()) {
            conditions.add(conditions.isEmpty() ? search : "(" + search + ")");
        }
        return String.join(" AND ", conditions);
    }

    private static void addSearch(List<String> conditions, SourceField field, List<String> values) {
        if (!values.isEmpty()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            String any =
                    values.stream().map(value -> name + ":" + quoted(value)).collect(Collectors.joining(" OR "));
            conditions.add(values.size() == 1 ? any : "(" + any + ")");
        }
    }

    private static String quoted(String value) {
        return value.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]*")
                ? value
                : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
