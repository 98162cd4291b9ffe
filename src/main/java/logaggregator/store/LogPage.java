package logaggregator.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which of the logs that match are wanted. They are in the order of their timestamps; those of the same one in the order
 * of their ids.
 *
 * @param newestFirst whether the order is the reverse one
 * @param after where the last page ended, or null
 * @param skip how many to leave out before the first
 * @param limit how many at most
 */
public record LogPage(boolean newestFirst, @Nullable Position after, int skip, int limit) {

    /** Of a log in the order. */
    public record Position(Instant timestamp, long id) {}

    /** The same, and the one behind it. */
    public LogPage andOneMore() {
        return new LogPage(newestFirst, after, skip, limit + 1);
    }

    public static LogPage newest(int limit) {
        return new LogPage(true, null, 0, limit);
    }
}
