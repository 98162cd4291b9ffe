package logaggregator.ledger;

import java.util.Map;
import logaggregator.UnavailableException;

/** What the queue has counted. */
public interface QueueAccounts {

    /**
     * Numbers of records of one account.
     *
     * @param accepted how many were put on the queue, the replayed ones included
     * @param settled how many of them were acknowledged
     * @param replayed how many of them were dead letters before
     */
    record Account(long accepted, long settled, long replayed) {}

    /**
     * One ledger of the queue. A queue that comes back empty begins a new one.
     *
     * @param name empty when nothing was counted yet
     * @param drained true when the queue holds nothing that isn't acknowledged, whatever the numbers say
     */
    record Page(String name, boolean drained, Map<String, Account> accounts) {}

    /**
     * Reads the current ledger.
     *
     * @throws UnavailableException when the queue can't be asked
     */
    Page read();
}
