package logaggregator.security;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What senders may have who aren't trusted as this machine is.
 *
 * @param logsPerMinutePerAddress without a key; 0 for any number
 * @param newApps how many applications a sender may have made within an hour; 0 for any number
 */
@Validated
@ConfigurationProperties("limits")
record LimitSettings(
        @Min(0) @Max(1_000_000_000) int logsPerMinutePerAddress,
        @Min(0) @Max(1_000_000_000) int newApps) {}
