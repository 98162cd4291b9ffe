package logaggregator.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.UnavailableException;
import org.springframework.stereotype.Component;

/**
 * Brings together what queue and store have counted. Each counts in the step in which it takes the records, so that no
 * crash of any process comes between. Thread-safe. All methods throw {@link UnavailableException} when one of the two is
 * away.
 */
@Component("ledgerBook")
public class LedgerBook {

    private static final String UNKNOWN = "(unknown)";

    private final QueueAccounts queue;
    private final StoreAccounts store;

    public LedgerBook(QueueAccounts queue, StoreAccounts store) {
        this.queue = queue;
        this.store = store;
    }

    /** The state now: not one moment, since it is in two systems. */
    public Ledger read() {
        // first the queue: what moves meanwhile is then rather counted twice than not at all
        QueueAccounts.Page page = queue.read();
        List<StoreAccounts.Account> settled = store.read();
        List<StoreAccounts.Seen> seen = new ArrayList<>(store.seen());
        queue.remembered().forEach(remembered -> seen.addAll(seen(remembered)));
        seen.addAll(seen(queue.last()));

        Map<String, Line> lines = new HashMap<>();
        settled.forEach(account -> add(lines, account.app(), outcome(account)));
        settled.stream()
                .filter(account -> account.queue().isEmpty())
                .forEach(account -> add(lines, account.app(), accepted(account.settled(), 0, 0)));
        page.accounts().forEach((app, account) -> add(lines, app, live(account, page.drained())));
        past(settled, seen, page.name()).forEach((key, line) -> add(lines, key.app(), line));
        return toLedger(lines);
    }

    private static Line outcome(StoreAccounts.Account account) {
        return new Line(0, account.stored(), account.duplicate(), account.deadLettered(), 0);
    }

    private static Line accepted(long accepted, long replayed, long inFlight) {
        // what is replayed was accepted before, and is a dead letter no more
        return new Line(accepted - replayed, 0, 0, -replayed, inFlight);
    }

    private static Line live(QueueAccounts.Account account, boolean drained) {
        long inFlight = drained ? 0 : Math.max(0, account.accepted() - account.settled());
        return accepted(account.accepted(), account.replayed(), inFlight);
    }

    private static List<StoreAccounts.Seen> seen(QueueAccounts.Page page) {
        return page.accounts().entrySet().stream()
                .map(account -> new StoreAccounts.Seen(
                        page.name(),
                        account.getKey(),
                        account.getValue().accepted(),
                        account.getValue().replayed()))
                .toList();
    }

    private record Key(String queue, String app) {}

    /** Of ledgers that are gone: what was settled from them was accepted, or replayed, even if nobody has seen it there. */
    private static Map<Key, Line> past(
            List<StoreAccounts.Account> settled, List<StoreAccounts.Seen> seen, String current) {
        Map<Key, StoreAccounts.Seen> most = new HashMap<>();
        Stream.concat(
                        seen.stream(),
                        settled.stream()
                                .map(account -> new StoreAccounts.Seen(
                                        account.queue(), account.app(), account.settled(), account.replayed())))
                .filter(last -> !last.queue().isEmpty() && !last.queue().equals(current))
                .forEach(last -> most.merge(new Key(last.queue(), last.app()), last, StoreAccounts.Seen::max));
        Map<Key, Line> lines = new HashMap<>();
        most.forEach((key, last) -> lines.put(key, accepted(last.accepted(), last.replayed(), 0)));
        return lines;
    }

    private Ledger toLedger(Map<String, Line> lines) {
        Map<String, String> names =
                store.names(lines.keySet().stream().filter(LedgerBook::isId).collect(Collectors.toSet()));
        Map<String, Line> byName = new TreeMap<>();
        lines.forEach((account, line) -> add(byName, display(account, names), line));
        List<Ledger.App> apps = byName.entrySet().stream()
                .map(app -> new Ledger.App(app.getKey(), app.getValue()))
                .sorted(Comparator.comparing(Ledger.App::app))
                .toList();
        return new Ledger(byName.values().stream().reduce(Line.ZERO, Line::plus), apps);
    }

    /** A name that begins with # has another in front of it. */
    private static boolean isId(String account) {
        return account.startsWith("#") && !account.startsWith("##");
    }

    private static String display(String account, Map<String, String> names) {
        if (account.isEmpty()) {
            return UNKNOWN;
        }
        return isId(account) ? names.getOrDefault(account, account) : account.replaceFirst("^##", "#");
    }

    private static void add(Map<String, Line> lines, String key, Line line) {
        lines.merge(key, line, Line::plus);
    }

    /** Has the store remember what the queue's ledgers say; to be called from time to time. */
    public void note() {
        // first what the queue may have forgotten: it may be away now
        queue.remembered().forEach(store::note);
        queue.open();
        store.note(queue.last());
        store.note(queue.read());
    }
}
