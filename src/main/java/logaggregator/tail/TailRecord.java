package logaggregator.tail;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Objects;
import logaggregator.search.ExpressionMatcher;
import logaggregator.search.SearchedLog;
import logaggregator.store.LogFilter;

/**
 * A record of the queue.
 *
 * @param weight about how many bytes of memory it takes
 */
record TailRecord(TailPosition position, LiveLog log, int weight) {

    boolean matches(LogFilter filter) {
        Instant start = filter.start();
        Instant end = filter.end();
        return (start == null || !log.timestamp().isBefore(start))
                && (end == null || log.timestamp().isBefore(end))
                && ExpressionMatcher.matches(filter.condition(), searched());
    }

    private SearchedLog searched() {
        return new SearchedLog(
                0,
                Objects.requireNonNullElse(log.appId(), 0),
                Objects.requireNonNullElse(log.app(), ""),
                log.level(),
                log.service(),
                log.message(),
                log.timestamp(),
                log.receivedAt(),
                Objects.requireNonNullElse(log.metadata(), MissingNode.getInstance()));
    }

    TailEvent.Log toEvent() {
        return new TailEvent.Log(position, log);
    }
}
