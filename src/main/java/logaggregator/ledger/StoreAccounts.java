package logaggregator.ledger;

import java.util.List;
import java.util.Map;
import java.util.Set;
import logaggregator.UnavailableException;

/** What the store has counted. All methods throw {@link UnavailableException} when it can't be asked. */
public interface StoreAccounts {

    /**
     * Numbers of records of one account that came from one ledger of the queue.
     *
     * @param queue name of the ledger; empty for what no queue has counted
     * @param replayed how many of the settled had been dead letters before
     */
    record Account(
            String queue, String app, long settled, long replayed, long stored, long duplicate, long deadLettered) {}

    /** What a ledger of the queue said when it was last seen. */
    record Seen(String queue, String app, long accepted, long replayed) {

        /** The most of each; both may be of different moments, and what is replayed counts as accepted once more. */
        Seen max(Seen other) {
            long accepted = Math.max(this.accepted - replayed, other.accepted - other.replayed);
            long replayed = Math.max(this.replayed, other.replayed);
            return new Seen(queue, app, accepted + replayed, replayed);
        }
    }

    List<Account> read();

    List<Seen> seen();

    /** Notes what a ledger says; keeps the largest number of each. */
    void note(QueueAccounts.Page page);

    /** The names of applications by {@code #id}, of those that exist. */
    Map<String, String> names(Set<String> accounts);
}
