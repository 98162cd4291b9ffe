package logaggregator.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;

/**
 * Whether all is well: ok, degraded (a part doesn't work, logs are still accepted) or down.
 *
 * @param downSince by part
 * @param reasons by part; only those that say nothing of the installation
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Health(
        @Schema(allowableValues = {OK, DEGRADED, DOWN}) String status,

        @JsonProperty("down_since")
        @Schema(description = "Which parts are down, since when", example = "{\"redis\":\"2026-01-31T12:00:00Z\"}")
        Map<String, Instant> downSince,

        @Schema(description = "Why, of parts that tell") Map<String, String> reasons) {

    static final String OK = "ok";
    static final String DEGRADED = "degraded";
    static final String DOWN = "down";

    Health withoutDetails() {
        return new Health(status, Map.of(), Map.of());
    }
}
