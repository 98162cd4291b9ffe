package logaggregator.ops;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How a process ends.
 *
 * @param delay for how many seconds requests are still answered
 */
@Validated
@ConfigurationProperties("shutdown")
record ShutdownSettings(@Min(0) @Max(60) int delay) {}
