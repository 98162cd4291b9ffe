package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log as the API shows it.
 *
 * @param metadata JSON text of an object, or null
 * @param receivedAt when it arrived at the door
 */
public record StoredLog(
        long id,
        String level,
        String message,
        Instant timestamp,
        @JsonProperty("metadata_") @JsonRawValue @Nullable String metadata,
        String service,
        @JsonProperty("app_id") int appId,
        String app,
        @JsonProperty("received_at") Instant receivedAt) {}
