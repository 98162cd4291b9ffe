package logaggregator.deadletter;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many dead letters there are; the maps are ordered by number, largest first.
 *
 * @param complete whether these are all, not only the newest ones
 */
public record DeadLetterCounts(
        @Schema(example = "3") long total,

        @JsonProperty("by_reason") @Schema(example = "{\"missing_field\":2,\"unknown_app\":1}")
        Map<String, Long> byReason,

        @JsonProperty("by_app") @Schema(description = "As far as it could be read", example = "{\"demo\":3}")
        Map<String, Long> byApp,

        @Schema(description = "Whether these are all; only the newest 10,000 are counted")
        boolean complete) {

    static DeadLetterCounts of(long total, Map<String, Long> byReason, Map<String, Long> byApp, boolean complete) {
        return new DeadLetterCounts(total, largestFirst(byReason), largestFirst(byApp), complete);
    }

    private static Map<String, Long> largestFirst(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, LinkedHashMap::new));
    }
}
