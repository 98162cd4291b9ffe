package logaggregator.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;

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
        long accepted,
        long stored,
        long duplicate,
        @JsonProperty("dead_lettered") long deadLettered,
        @JsonProperty("in_flight") long inFlight) {

    static final Line ZERO = new Line(0, 0, 0, 0, 0);

    /**
     * What is missing, or when negative too much. While records move from the queue to the store both may count them;
     * once nothing moves it is 0 unless something was lost or doubled.
     */
    @JsonProperty
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
