package logaggregator.store.postgres;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long it is remembered what was stored.
 *
 * @param retention days for which a producer may send a request again under its key
 */
@Validated
@ConfigurationProperties("receipts")
public record ReceiptSettings(@Min(1) @Max(3_650) int retention) {}
