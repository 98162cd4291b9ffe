package logaggregator.support;

import logaggregator.search.Expression;
import logaggregator.search.Glob;
import logaggregator.store.LogFilter;

/** Filters that tests often need. */
public final class Filters {

    private Filters() {}

    public static LogFilter ofApp(String app) {
        return new LogFilter(new Expression.Text(Expression.TextField.APP, Glob.literal(app)), null, null);
    }
}
