package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log as the API shows it.
 *
 * @param metadata JSON text of an object, or null
 * @param receivedAt when it arrived at the door
 */
@Schema(name = "Log", description = "A stored log")
public record StoredLog(
        @Schema(example = "1042") long id,
        @Schema(example = "ERROR") String level,
        @Schema(example = "payment failed") String message,

        @Schema(description = "When it happened; when it arrived, if the producer didn't say")
        Instant timestamp,

        @JsonProperty("metadata_")
        @JsonRawValue
        @Schema(
                types = "object",
                additionalProperties = Schema.AdditionalPropertiesValue.TRUE,
                example = "{\"user_id\":42}")
        @Nullable
        String metadata,

        @Schema(example = "checkout") String service,
        @JsonProperty("app_id") @Schema(example = "3") int appId,
        @Schema(example = "demo") String app,

        @JsonProperty("received_at") @Schema(description = "When it arrived")
        Instant receivedAt) {}
