package logaggregator.store.postgres;

import java.util.UUID;
import logaggregator.Chunk;
import logaggregator.HashedId;
import logaggregator.LogEntry;
import logaggregator.Rejection;

/** An entry whose application is known: what becomes a row. */
record LogRow(int appId, String app, LogEntry entry, Chunk chunk) {

    /** A row that nothing can be said against, to try whether the table takes any; it isn't kept. */
    static LogRow sample(Chunk chunk) {
        return new LogRow(
                0,
                "sample",
                new LogEntry(0, "sample", null, "INFO", "sample", "sample", chunk.receivedAt(), null, null),
                chunk);
    }

    /** Of a record that its producer has named: the same for all of that name and application. */
    UUID identity() {
        return HashedId.RECORD.of(appId + ":" + entry.idempotencyKey());
    }

    Rejection reject(String reason, String error) {
        return new Rejection(chunk, entry.index(), reason, null, error);
    }
}
