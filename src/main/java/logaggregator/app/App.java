package logaggregator.app;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An application that sends logs.
 *
 * @param retentionDays for how many days its logs are kept; 0 for ever, null for as long as those of others
 */
public record App(
        int id,
        String name,
        @Nullable String description,
        @JsonProperty("retention_days") @Nullable Integer retentionDays) {}
