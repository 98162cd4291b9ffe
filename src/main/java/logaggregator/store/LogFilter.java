package logaggregator.store;

import java.time.Instant;
import logaggregator.search.Expression;
import org.jspecify.annotations.Nullable;

/**
 * What logs must be like to be listed or counted.
 *
 * @param condition besides their time
 * @param start earliest timestamp, or null
 * @param end timestamps lie before, or null
 */
public record LogFilter(
        Expression condition,
        @Nullable Instant start,
        @Nullable Instant end) {

    public static final LogFilter ALL = new LogFilter(Expression.ALL, null, null);
}
