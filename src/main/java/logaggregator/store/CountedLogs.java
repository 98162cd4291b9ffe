package logaggregator.store;

/**
 * A page of logs.
 *
 * @param total how many logs there are on all pages
 */
public record CountedLogs(FoundLogs page, long total) {}
