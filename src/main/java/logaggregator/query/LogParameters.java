package logaggregator.query;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import logaggregator.Level;
import logaggregator.search.Expression;
import logaggregator.search.Expression.NumberField;
import logaggregator.search.Expression.TextField;
import logaggregator.search.Glob;
import logaggregator.search.Interval;
import logaggregator.search.InvalidSearchException;
import logaggregator.search.SearchParser;
import logaggregator.search.TimeText;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes a filter of the query parameters that all endpoints for logs share. Thread-safe. */
@Component
class LogParameters {

    /** May be given several times: logs match one of the values. */
    static final Set<String> REPEATABLE = Set.of("app", "app_id", "level", "service");

    static final Set<String> NAMES = Set.of("app", "app_id", "level", "service", "start_time", "end_time", "q");

    private static final int MAX_VALUES = 100;

    /** Of an app or a service. */
    private static final int MAX_NAME = 100;

    private static final int MAX_LEVEL = 20;

    private final SearchParser searches;
    private final Clock clock;

    LogParameters(SearchParser searches, Clock clock) {
        this.searches = searches;
        this.clock = clock;
    }

    /** @throws InvalidParameterException when a value makes no sense */
    LogFilter filter(Map<String, String[]> parameters) {
        Instant now = clock.instant();
        List<Expression> conditions = new ArrayList<>();
        add(
                conditions,
                parameters,
                "app",
                app -> new Expression.Text(TextField.APP, Glob.literal(upTo(MAX_NAME, "app", app))));
        add(conditions, parameters, "app_id", LogParameters::appId);
        add(
                conditions,
                parameters,
                "level",
                level -> new Expression.Text(
                        TextField.LEVEL, Glob.literal(Level.normalize(upTo(MAX_LEVEL, "level", level)))));
        add(
                conditions,
                parameters,
                "service",
                name -> new Expression.Text(TextField.SERVICE, Glob.literal(upTo(MAX_NAME, "service", name))));
        String search = first(parameters, "q");
        if (search != null && !search.isBlank()) {
            conditions.add(search(search));
        }
        Instant start = time(parameters, "start_time", now);
        Instant end = time(parameters, "end_time", now);
        if (start != null && end != null && start.isAfter(end)) {
            throw new InvalidParameterException("parameter 'start_time' must not be after 'end_time'");
        }
        return new LogFilter(Expression.and(conditions), start, end);
    }

    private static void add(
            List<Expression> conditions,
            Map<String, String[]> parameters,
            String name,
            Function<String, Expression> condition) {
        String[] values = parameters.getOrDefault(name, new String[0]);
        if (values.length > MAX_VALUES) {
            throw new InvalidParameterException("parameter '" + name + "' may be given " + MAX_VALUES + " times");
        }
        List<Expression> any = new ArrayList<>();
        for (String value : values) {
            if (value.isBlank()) {
                throw new InvalidParameterException("parameter '" + name + "' must not be empty");
            }
            any.add(condition.apply(value));
        }
        if (!any.isEmpty()) {
            conditions.add(Expression.or(any));
        }
    }

    private static Expression appId(String value) {
        try {
            int id = WholeNumbers.parseInt(value);
            if (id > 0) {
                return new Expression.Number(NumberField.APP_ID, Interval.only((long) id));
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw new InvalidParameterException("parameter 'app_id' must be an integer from 1 on");
    }

    /** No log has a longer one: it is mistyped. */
    private static String upTo(int length, String name, String value) {
        if (value.codePointCount(0, value.length()) > length) {
            throw new InvalidParameterException("parameter '" + name + "' must have up to " + length + " characters");
        }
        return value;
    }

    private Expression search(String text) {
        try {
            return searches.parse(text);
        } catch (InvalidSearchException e) {
            throw new InvalidParameterException("parameter 'q': " + e.getMessage(), e.position());
        }
    }

    private static @Nullable Instant time(Map<String, String[]> parameters, String name, Instant now) {
        String text = first(parameters, name);
        try {
            return text == null ? null : TimeText.parse(text, now);
        } catch (DateTimeParseException e) {
            throw new InvalidParameterException("parameter '" + name + "' must be " + TimeText.EXPECTED);
        }
    }

    private static @Nullable String first(Map<String, String[]> parameters, String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }
}
