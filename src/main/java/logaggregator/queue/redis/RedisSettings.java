package logaggregator.queue.redis;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where Redis is and how long it may take to answer.
 *
 * @param url blank for the embedded server
 */
@Validated
@ConfigurationProperties("redis")
public record RedisSettings(
        String url, @Min(50) @Max(60_000) int timeoutMs) {

    /** Without the URL, which may have a password. */
    @Override
    public String toString() {
        return "RedisSettings[timeoutMs=" + timeoutMs + "]";
    }
}
