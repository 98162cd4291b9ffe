package logaggregator.store.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import logaggregator.Chunk;
import logaggregator.ledger.QueueAccounts;
import logaggregator.ledger.StoreAccounts;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The store's side of the ledger; {@link #add} takes part in the transaction of the calling thread. Thread-safe. */
@Component("storeAccounts")
class PostgresAccounts implements StoreAccounts {

    private static final int TIMEOUT_SECONDS = 10;

    private final JdbcTemplate jdbc;
    private final JdbcTemplate reads;

    PostgresAccounts(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.reads = new JdbcTemplate(dataSource);
        this.reads.setQueryTimeout(TIMEOUT_SECONDS);
    }

    private record Key(String queue, String app) {}

    private static final class Numbers {
        private long settled;
        private long replayed;
        private long stored;
        private long duplicate;
        private long deadLettered;
    }

    /** Adds what the transaction settles. */
    void add(PostgresReceipts.Claim claim, List<LogRow> stored, List<LogRow> repeated) {
        Map<Key, Numbers> lines = new HashMap<>();
        Stream.concat(claim.fresh().stream(), claim.dead().stream()).forEach(chunk -> account(chunk)
                .apps()
                .forEach((app, n) -> settle(lines, chunk, app, n).deadLettered += n)); // less those that follow
        stored.forEach(row -> {
            Numbers line = line(lines, row.chunk(), accountOf(row));
            line.stored++;
            line.deadLettered--;
        });
        repeated.forEach(row -> {
            Numbers line = line(lines, row.chunk(), accountOf(row));
            line.duplicate++;
            line.deadLettered--;
        });
        for (Chunk chunk : claim.copies()) {
            account(chunk).apps().forEach((app, n) -> settle(lines, chunk, app, n).duplicate += n);
        }
        insert(lines);
    }

    private static Numbers settle(Map<Key, Numbers> lines, Chunk chunk, String app, int records) {
        Numbers line = line(lines, chunk, app);
        line.settled += records;
        line.replayed += chunk.isReplay() ? records : 0;
        return line;
    }

    private static Numbers line(Map<Key, Numbers> lines, Chunk chunk, String app) {
        return lines.computeIfAbsent(new Key(account(chunk).ledger(), app), key -> new Numbers());
    }

    /** As it was counted when it was accepted. */
    private static String accountOf(LogRow row) {
        String app = row.entry().account();
        return account(row.chunk()).apps().containsKey(app) ? app : "";
    }

    private static Chunk.Account account(Chunk chunk) {
        return chunk.carrier().account();
    }

    private void insert(Map<Key, Numbers> lines) {
        if (lines.isEmpty()) {
            return;
        }
        List<Map.Entry<Key, Numbers>> rows = new ArrayList<>(lines.entrySet());
        jdbc.update(
                "INSERT INTO ledger_deltas (queue, app, settled, replayed, stored, duplicate, dead_lettered)"
                        + " SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
                        + " ?::bigint[])",
                rows.stream().map(row -> row.getKey().queue()).toArray(String[]::new),
                rows.stream().map(row -> row.getKey().app()).toArray(String[]::new),
                rows.stream().map(row -> row.getValue().settled).toArray(Long[]::new),
                rows.stream().map(row -> row.getValue().replayed).toArray(Long[]::new),
                rows.stream().map(row -> row.getValue().stored).toArray(Long[]::new),
                rows.stream().map(row -> row.getValue().duplicate).toArray(Long[]::new),
                rows.stream().map(row -> row.getValue().deadLettered).toArray(Long[]::new));
    }

    @Override
    public List<Account> read() {
        return SqlFailure.orUnavailable(() -> reads.query(
                "SELECT queue, app, sum(settled), sum(replayed), sum(stored), sum(duplicate), sum(dead_lettered)"
                        + " FROM (SELECT * FROM ledger UNION ALL SELECT * FROM ledger_deltas) AS l GROUP BY queue, app",
                (row, number) -> new Account(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7))));
    }

    @Override
    public List<Seen> seen() {
        return SqlFailure.orUnavailable(() -> reads.query(
                "SELECT queue, app, accepted, replayed FROM ledger_queues",
                (row, number) -> new Seen(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4))));
    }

    @Override
    public void note(QueueAccounts.Page page) {
        List<Map.Entry<String, QueueAccounts.Account>> rows = page.accounts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
        SqlFailure.orUnavailable(() -> jdbc.update(
                "INSERT INTO ledger_queues AS q (queue, app, accepted, replayed)"
                        + " SELECT ?, c.* FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS c"
                        + " ON CONFLICT (queue, app) DO UPDATE SET accepted = greatest(q.accepted, excluded.accepted),"
                        + " replayed = greatest(q.replayed, excluded.replayed)"
                        + " WHERE q.accepted < excluded.accepted OR q.replayed < excluded.replayed",
                page.name(),
                rows.stream().map(Map.Entry::getKey).toArray(String[]::new),
                rows.stream().map(row -> row.getValue().accepted()).toArray(Long[]::new),
                rows.stream().map(row -> row.getValue().replayed()).toArray(Long[]::new)));
    }

    @Override
    public Map<String, String> names(Set<String> accounts) {
        Map<String, String> names = new HashMap<>();
        if (accounts.isEmpty()) {
            return names;
        }
        return SqlFailure.orUnavailable(() -> {
            reads.query(
                    "SELECT '#' || id, name FROM apps WHERE '#' || id = ANY (?::text[])",
                    row -> {
                        names.put(row.getString(1), row.getString(2));
                    },
                    (Object) accounts.toArray(new String[0]));
            return names;
        });
    }
}
