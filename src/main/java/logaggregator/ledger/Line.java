package logaggregator.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Numbers of records.
 *
 * @param accepted answered with a 2xx, or put on the queue by another producer; a copy that is sent again counts again
 * @param stored rows that were written
 * @param duplicate copies of what was stored before, recognised and left out
 * @param deadLettered set aside; without those that were replayed
 * @param inFlight in the queue
 */
public record Line(
        @Schema(description = "Copies that were sent again count again", example = "1200")
        long accepted,

        @Schema(example = "1199") long stored,

        @Schema(description = "Copies of what was stored before", example = "0")
        long duplicate,

        @JsonProperty("dead_lettered") @Schema(example = "1")
        long deadLettered,

        @JsonProperty("in_flight") @Schema(description = "Waiting to be stored", example = "0")
        long inFlight) {

    static final Line ZERO = new Line(0, 0, 0, 0, 0);

    /**
     * What is missing, or when negative too much. While records move from the queue to the store both may count them;
     * once nothing moves it is 0 unless something was lost or doubled.
     */
    @JsonProperty
    @Schema(description = "What is missing, or when negative too much", example = "0")
    public long difference() {
        return accepted - stored - duplicate - deadLettered - inFlight;
    }

    Line plus(Line other) {
        return new Line(
                accepted + other.accepted,
                stored + other.stored,
                duplicate + other.duplicate,
                deadLettered + other.deadLettered,
                inFlight + other.inFlight);
    }
}
