package logaggregator.ledger;

import java.util.List;
import java.util.Map;
import logaggregator.UnavailableException;

/** What the queue has counted. */
public interface QueueAccounts {

    /**
     * Numbers of records of one account.
     *
     * @param accepted how many were put on the queue, the replayed ones included
     * @param settled how many of them were acknowledged, less those that the ledger before has accepted and not settled
     * @param replayed how many of them were dead letters before
     */
    record Account(long accepted, long settled, long replayed) {}

    /**
     * One ledger of the queue. A queue that comes back, empty or with the data it had some time ago, begins a new one.
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

    /**
     * Reads the ledger before the current one, as it came back; its name is empty when there was none.
     *
     * @throws UnavailableException when the queue can't be asked
     */
    Page last();

    /** What the queue has told this process of its ledgers, whatever it knows of them now; doesn't ask it. */
    List<Page> remembered();

    /**
     * Begins a new ledger if the queue came back and nothing was accepted since.
     *
     * @throws UnavailableException when the queue can't be asked
     */
    void open();
}
