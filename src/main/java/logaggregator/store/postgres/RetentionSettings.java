package logaggregator.store.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long logs are kept.
 *
 * @param days of applications that have no number of their own; 0 keeps them for ever
 * @param maxBytes of the days' partitions with their indexes; 0 for any number
 */
@Validated
@ConfigurationProperties("retention")
public record RetentionSettings(
        @Min(0) @Max(36_500) int days, @Min(0) long maxBytes) {}
