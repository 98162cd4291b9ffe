package logaggregator.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import logaggregator.QueryTimedOutException;
import logaggregator.UnavailableException;
import logaggregator.search.Expression;
import logaggregator.search.Glob;
import org.jspecify.annotations.Nullable;

/**
 * The read side of the persistence of logs. All methods throw {@link UnavailableException} when they can't answer, and
 * {@link QueryTimedOutException} when it would take too long.
 */
public interface LogReader {

    /** Has as many as are wanted, or fewer that are about as large as one answer may be. */
    FoundLogs find(LogFilter filter, LogPage page);

    /** How many match. */
    long count(LogFilter filter);

    /**
     * What the same service of the same application has logged around a log, which is between them; the oldest first.
     *
     * @param before how many at most came before it
     * @param after how many at most came after it
     */
    default List<StoredLog> around(StoredLog log, int before, int after) {
        LogFilter same = new LogFilter(
                Expression.and(List.of(
                        new Expression.Text(Expression.TextField.APP, Glob.literal(log.app())),
                        new Expression.Text(Expression.TextField.SERVICE, Glob.literal(log.service())))),
                null,
                null);
        LogPage.Position here = new LogPage.Position(log.timestamp(), log.id());
        List<StoredLog> around = new ArrayList<>();
        if (before > 0) {
            around.addAll(find(same, new LogPage(true, here, 0, before)).logs());
            Collections.reverse(around);
        }
        around.add(log);
        if (after > 0) {
            around.addAll(find(same, new LogPage(false, here, 0, after)).logs());
        }
        return around;
    }

    /** Returns null when there is no such log. */
    @Nullable
    StoredLog get(long id);
}
