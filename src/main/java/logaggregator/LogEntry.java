package logaggregator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One log record after decoding: complete, within its limits and free of what PostgreSQL can't store.
 *
 * @param index position among the records of the request or queue entry that carried it, from 0
 * @param app name of the application; null when the producer sent only {@code appId}
 * @param appId id of the application; null when the producer sent only {@code app}
 * @param level normalised, see {@link Level}
 * @param timestamp when it happened, in microseconds; the arrival time when the producer sent none
 * @param metadata a JSON object in UTF-8, or null; never changed once it is in here
 * @param idempotencyKey the producer's own name of this record, unique within its application; or null
 */
public record LogEntry(
        int index,
        @Nullable String app,
        @Nullable Integer appId,
        String level,
        String service,
        String message,
        Instant timestamp,
        byte @Nullable [] metadata,
        @Nullable String idempotencyKey) {

    public LogEntry at(int otherIndex) {
        return new LogEntry(otherIndex, app, appId, level, service, message, timestamp, metadata, idempotencyKey);
    }

    /** Under what this record is counted: the name of its application or, where only its id was sent, {@code #id}. */
    public String account() {
        if (app == null) {
            return "#" + appId;
        }
        return app.startsWith("#") ? "#" + app : app;
    }
}
