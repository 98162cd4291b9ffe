package logaggregator.app;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An application that sends logs.
 *
 * @param retentionDays for how many days its logs are kept; 0 for ever, null for as long as those of others
 */
@Schema(description = "An application that sends logs")
public record App(
        @Schema(example = "3") int id,
        @Schema(example = "demo") String name,
        @Schema(example = "Demo app") @Nullable String description,

        @JsonProperty("retention_days")
        @Schema(
                description = "For how many days its logs are kept; 0: for ever; null: as long as those of others",
                example = "30")
        @Nullable
        Integer retentionDays) {}
