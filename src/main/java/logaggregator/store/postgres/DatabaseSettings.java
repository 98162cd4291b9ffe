package logaggregator.store.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where the database is and how many connections to it there may be.
 *
 * @param url blank for the embedded server
 */
@Validated
@ConfigurationProperties("database")
public record DatabaseSettings(
        String url, @Min(2) @Max(1_000) int poolSize) {

    /** Without the URL, which has a password. */
    @Override
    public String toString() {
        return "DatabaseSettings[poolSize=" + poolSize + "]";
    }
}
