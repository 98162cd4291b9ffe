package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** Numbers of stored logs; the three maps are ordered by number, largest first, and each adds up to the total. */
@Schema(description = "Numbers of stored logs, largest first; each of the maps adds up to the total")
public record LogStats(
        @JsonProperty("total_logs") @Schema(example = "2") long totalLogs,

        @JsonProperty("by_level") @Schema(example = "{\"ERROR\":1,\"INFO\":1}")
        Map<String, Long> byLevel,

        @JsonProperty("by_service") @Schema(example = "{\"api\":1,\"db\":1}")
        Map<String, Long> byService,

        @JsonProperty("by_app") @Schema(example = "{\"demo\":2}")
        Map<String, Long> byApp) {}
