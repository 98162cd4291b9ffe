package logaggregator.store;

import java.util.List;

/**
 * A page of logs.
 *
 * @param more whether others follow: the page has as many as were wanted, or as may be answered at once
 */
public record FoundLogs(List<StoredLog> logs, boolean more) {

    public static final FoundLogs NONE = new FoundLogs(List.of(), false);
}
