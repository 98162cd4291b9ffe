package logaggregator.security;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How bodies are received.
 *
 * @param timeoutMs how long a body may take, and go on taking while it keeps arriving fast enough
 * @param maxHeldBytes of all bodies that are in memory at once; 0 takes a share of the heap
 */
@Validated
@ConfigurationProperties("bodies")
record BodySettings(
        @Min(100) @Max(3_600_000) int timeoutMs, @Min(0) long maxHeldBytes) {}
