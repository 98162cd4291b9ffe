package logaggregator.alert;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long notifying may take.
 *
 * @param timeoutMs until a channel that hasn't answered counts as failed
 * @param tryTimeoutMs that a channel's server may take to accept a connection, and to answer
 */
@Validated
@ConfigurationProperties("notify")
public record NotifySettings(
        @Min(1_000) @Max(300_000) int timeoutMs,
        @Min(100) @Max(60_000) int tryTimeoutMs) {}
