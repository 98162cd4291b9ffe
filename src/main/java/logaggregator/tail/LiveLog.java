package logaggregator.tail;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log that may not be stored yet, in the shape of a stored one.
 *
 * @param metadata an object, or null
 * @param appId null when only the name of its application is known
 * @param app null when only the id of its application is known
 */
@Schema(description = "A log that may not be stored yet: the data of an event of the live tail")
public record LiveLog(
        String level,
        String message,
        Instant timestamp,

        @JsonProperty("metadata_")
        @Schema(
                implementation = Object.class,
                types = "object",
                additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
        @Nullable
        JsonNode metadata,

        String service,
        @JsonProperty("app_id") @Nullable Integer appId,
        @Nullable String app,
        @JsonProperty("received_at") Instant receivedAt) {}
