package logaggregator.property;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What became of the records of a scenario.
 *
 * @param rows each stored record, see {@link ScenarioRun#row}
 * @param letters numbers of the records that are dead letters
 * @param acceptedByQueue how many records the queue has counted
 * @param queue the line of the queue's ledger
 * @param acceptedElsewhere how many records came from other producers or straight from the door
 * @param elsewhere the line of what no queue has counted
 */
record Outcome(
        List<JsonNode> rows,
        List<Integer> letters,
        long acceptedByQueue,
        Numbers queue,
        long acceptedElsewhere,
        Numbers elsewhere) {

    record Numbers(long settled, long stored, long duplicate, long deadLettered) {

        Numbers minus(Numbers before) {
            return new Numbers(
                    settled - before.settled,
                    stored - before.stored,
                    duplicate - before.duplicate,
                    deadLettered - before.deadLettered);
        }
    }
}
