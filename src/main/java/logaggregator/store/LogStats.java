package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** Numbers of stored logs; the three maps are ordered by number, largest first, and each adds up to the total. */
public record LogStats(
        @JsonProperty("total_logs") long totalLogs,
        @JsonProperty("by_level") Map<String, Long> byLevel,
        @JsonProperty("by_service") Map<String, Long> byService,
        @JsonProperty("by_app") Map<String, Long> byApp) {}
