package logaggregator.store.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where the database is and how many connections to it there may be.
 *
 * @param url blank for the embedded server
 * @param poolSize at least so many that an export leaves places to other readers
 * @param queryTimeout how long all queries of a reader's answer may take, in seconds; less than what a frozen server is
 *     waited for
 */
@Validated
@ConfigurationProperties("database")
public record DatabaseSettings(
        String url,
        @Min(4) @Max(1_000) int poolSize,
        @Min(1) @Max(15) int queryTimeout) {

    /** Without the URL, which has a password. */
    @Override
    public String toString() {
        return "DatabaseSettings[poolSize=" + poolSize + "]";
    }
}
