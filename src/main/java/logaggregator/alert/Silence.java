package logaggregator.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Nobody is told of some alerts for a while.
 *
 * @param rule null for any
 * @param group null for any
 */
@Schema(description = "Nobody is told of some alerts for a while")
public record Silence(
        @Schema(example = "7") long id,

        @Schema(description = "Name of the rule; null: any", example = "ERROR") @Nullable
        String rule,

        @Schema(description = "What the rule groups by has this value; null: any") @Nullable
        String group,

        @Schema(description = "When it ends") Instant until,
        @Schema(example = "migration of the shop") String comment,
        @JsonProperty("created_at") Instant createdAt) {

    public boolean covers(AlertState alert) {
        return (rule == null || rule.equals(alert.rule())) && (group == null || group.equals(alert.group()));
    }
}
