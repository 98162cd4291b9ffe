package logaggregator.queue.redis;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import logaggregator.ledger.QueueAccounts.Account;
import logaggregator.ledger.QueueAccounts.Page;

/**
 * The largest numbers that Redis has told this process of each of its ledgers: a Redis that comes back with older data
 * doesn't know them any more. Thread-safe.
 */
final class LedgerMemory {

    /** A Redis that is started again begins a new one. */
    private static final int MAX_LEDGERS = 10;

    private static final String ACCEPTED = "accepted:";

    private final Map<String, Map<String, Account>> ledgers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Account>> eldest) {
            return size() > MAX_LEDGERS;
        }
    };

    /** @param numbers fields of the hash and, after each, its number */
    synchronized void keep(String ledger, List<?> numbers) {
        Map<String, Account> accounts = ledgers.computeIfAbsent(ledger, name -> new HashMap<>());
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            String field = RedisStreams.text(numbers.get(i));
            if (field.startsWith(ACCEPTED)) {
                Account told = new Account(((Number) numbers.get(i + 1)).longValue(), 0, 0);
                accounts.merge(
                        field.substring(ACCEPTED.length()),
                        told,
                        (before, now) -> now.accepted() > before.accepted() ? now : before);
            }
        }
    }

    synchronized List<Page> pages() {
        return ledgers.entrySet().stream()
                .map(ledger -> new Page(ledger.getKey(), false, Map.copyOf(ledger.getValue())))
                .toList();
    }
}
