package logaggregator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
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
        @JsonProperty("by_level") Map<String, Long> byLevel,
        @JsonProperty("by_service") Map<String, Long> byService,
        @JsonProperty("by_app") Map<String, Long> byApp,
        @JsonProperty("metadata_") List<Key> metadata,
        @JsonProperty("metadata_looked_at") long lookedAt,
        @JsonProperty("metadata_complete") boolean complete) {

    public static final int MAX_LOOKED_AT = 10_000;

    /**
     * @param count how many logs have it
     * @param values no objects, arrays and long texts
     */
    public record Key(String key, long count, List<Value> values) {}

    /** @param value JSON text */
    public record Value(@JsonRawValue String value, long count) {}
}
