package logaggregator.store.postgres;

import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;

/** An entry whose application is known: what becomes a row. */
record LogRow(int appId, String app, LogEntry entry, Chunk chunk) {

    Rejection reject(String reason, String error) {
        return new Rejection(chunk, entry.index(), reason, null, error);
    }
}
