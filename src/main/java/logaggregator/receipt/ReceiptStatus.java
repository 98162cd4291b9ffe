package logaggregator.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import logaggregator.ingest.IngestAnswer;
import logaggregator.store.Receipt;
import org.jspecify.annotations.Nullable;

/**
 * A receipt as the API shows it.
 *
 * @param status {@code queued}; {@code stored} when at least one record is; {@code dead-lettered} when none is
 * @param stored number of records that are stored
 * @param deadLettered JSON text: why the others are not
 */
@Schema(name = "Receipt", description = "What became of a chunk of records")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReceiptStatus(
        UUID id,

        @Schema(
                allowableValues = {"queued", "stored", "dead-lettered"},
                description = "`stored` when at least one record is, `dead-lettered` when none is")
        String status,

        @JsonProperty("settled_at") @Nullable Instant settledAt,

        @Schema(description = "How many records are") @Nullable
        Integer stored,

        @JsonProperty("dead_lettered") @JsonRawValue @Schema(implementation = IngestAnswer.Rejected[].class) @Nullable
        String deadLettered) {

    static ReceiptStatus queued(UUID id) {
        return new ReceiptStatus(id, "queued", null, null, null);
    }

    static ReceiptStatus of(Receipt receipt) {
        return new ReceiptStatus(
                receipt.id(),
                receipt.isStored() ? "stored" : "dead-lettered",
                receipt.settledAt(),
                receipt.stored(),
                receipt.rejected());
    }
}
