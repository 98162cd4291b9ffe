package logaggregator.deadletter;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Dead letters.
 *
 * @param source the queue that they come from
 * @param maxLength how many the queue of dead letters keeps; older ones move to the archive
 */
@Validated
@ConfigurationProperties("dlq")
public record DeadLetterSettings(
        @NotBlank String source, @Min(1) @Max(10_000_000) int maxLength) {}
