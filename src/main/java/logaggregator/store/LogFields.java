package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/**
 * The most frequent values of the fields of logs, the most frequent ones first.
 *
 * @param metadata the most frequent keys of the metadata
 * @param lookedAt how many logs the metadata is known from: the newest ones
 * @param complete whether these are all
 */
public record LogFields(
        @JsonProperty("by_level") @Schema(example = "{\"ERROR\":7}")
        Map<String, Long> byLevel,

        @JsonProperty("by_service") @Schema(example = "{\"db\":5,\"api\":2}")
        Map<String, Long> byService,

        @JsonProperty("by_app") @Schema(example = "{\"demo\":7}")
        Map<String, Long> byApp,

        @JsonProperty("metadata_") List<Key> metadata,

        @JsonProperty("metadata_looked_at")
        @Schema(description = "How many logs the metadata is known from: the newest ones", example = "7")
        long lookedAt,

        @JsonProperty("metadata_complete") @Schema(description = "Whether these are all")
        boolean complete) {

    public static final int MAX_LOOKED_AT = 10_000;

    /**
     * @param count how many logs have it
     * @param values no objects, arrays and long texts
     */
    @Schema(name = "MetadataKey")
    public record Key(
            @Schema(example = "user") String key,
            @Schema(example = "6") long count,
            List<Value> values) {}

    /** @param value JSON text */
    @Schema(name = "MetadataValue")
    public record Value(
            @JsonRawValue
            @Schema(
                    types = {"string", "number", "boolean", "null"},
                    example = "42")
            String value,

            long count) {}
}
