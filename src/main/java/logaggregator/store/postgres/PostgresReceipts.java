package logaggregator.store.postgres;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Rejection;
import logaggregator.store.Receipt;
import logaggregator.store.ReceiptReader;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Receipts in table {@code receipts}; what writes takes part in the transaction of the calling thread. Thread-safe. */
@Component("receiptReader")
class PostgresReceipts implements ReceiptReader {

    private static final int TIMEOUT_SECONDS = 5;

    /** How many rejected records of a chunk are noted. */
    private static final int MAX_NOTED = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcTemplate jdbc;
    private final JdbcTemplate reads;

    PostgresReceipts(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.reads = new JdbcTemplate(dataSource);
        this.reads.setQueryTimeout(TIMEOUT_SECONDS);
    }

    /**
     * The chunks of a batch as their receipts tell them apart.
     *
     * @param fresh to be stored now
     * @param copies whose records another queue entry, or the door, has brought before
     * @param dead of which every record is a dead letter
     */
    record Claim(List<Chunk> fresh, List<Chunk> copies, List<Chunk> dead) {

        /** Those of the rejections that belong to what is settled now. */
        List<Rejection> settled(List<Rejection> rejections) {
            Set<String> carriers = Stream.concat(fresh.stream(), dead.stream())
                    .map(Claim::carrier)
                    .collect(Collectors.toSet());
            return rejections.stream()
                    .filter(rejection -> carriers.contains(carrier(rejection.carrier())))
                    .toList();
        }

        private static String carrier(Chunk chunk) {
            return chunk.id() + "/" + chunk.carrier().id();
        }
    }

    /** Inserts the receipts of a batch. What was settled before, and only comes again, is in no list of the claim. */
    Claim claim(Batch batch) {
        Map<UUID, List<Rejection>> rejections = batch.deadLettered().stream()
                .collect(Collectors.groupingBy(rejection -> rejection.carrier().id()));
        List<Chunk> chunks = withoutSettledReplays(batch.chunks());
        Map<UUID, Chunk> byId = new HashMap<>();
        chunks.stream().filter(chunk -> !isDeadAgain(chunk)).forEach(chunk -> byId.putIfAbsent(chunk.id(), chunk));
        Set<UUID> inserted = new HashSet<>(insert(List.copyOf(byId.values()), rejections));
        Set<UUID> stored =
                stored(chunks.stream().filter(PostgresReceipts::isDeadAgain).toList());
        List<Chunk> fresh = new ArrayList<>();
        List<Chunk> dead = new ArrayList<>();
        List<Chunk> others = new ArrayList<>();
        for (Chunk chunk : chunks) {
            boolean first = byId.get(chunk.id()) == chunk && inserted.remove(chunk.id());
            if (first || isDeadAgain(chunk) && !stored.contains(chunk.id())) {
                (chunk.entries().isEmpty() ? dead : fresh).add(chunk);
            } else {
                others.add(chunk);
            }
        }
        return new Claim(fresh, others.isEmpty() ? List.of() : copies(others), dead);
    }

    /**
     * A dead letter may be replayed several times, each time by another entry under the same id: each of these entries has
     * a receipt of its own, and the record gets one once it is stored.
     */
    private List<Chunk> withoutSettledReplays(List<Chunk> chunks) {
        List<Chunk> replays = chunks.stream().filter(Chunk::isReplay).toList();
        if (replays.isEmpty()) {
            return chunks;
        }
        Set<UUID> unsettled = insertEntries(replays);
        return chunks.stream()
                .filter(chunk ->
                        !chunk.isReplay() || unsettled.contains(chunk.carrier().uuid()))
                .toList();
    }

    /** Another replay may have stored the record meanwhile. */
    private Set<UUID> stored(List<Chunk> replays) {
        return replays.isEmpty()
                ? Set.of()
                : Set.copyOf(
                        jdbc.queryForList("SELECT id FROM receipts WHERE id = ANY (?::uuid[])", UUID.class, (Object)
                                replays.stream().map(Chunk::id).toArray(UUID[]::new)));
    }

    private static boolean isDeadAgain(Chunk chunk) {
        return chunk.isReplay() && chunk.entries().isEmpty();
    }

    private Set<UUID> insert(List<Chunk> chunks, Map<UUID, List<Rejection>> rejections) {
        return Set.copyOf(jdbc.queryForList(
                // in one order in all transactions: two that insert the same ids don't block each other
                "INSERT INTO receipts (id, entry, stored, rejected, producer)"
                        + " SELECT id, entry, stored, rejected::jsonb, producer"
                        + " FROM unnest(?::uuid[], ?::text[], ?::int[], ?::text[], ?::text[])"
                        + " AS c (id, entry, stored, rejected, producer)"
                        + " ORDER BY id"
                        + " ON CONFLICT DO NOTHING RETURNING id",
                UUID.class,
                chunks.stream().map(Chunk::id).toArray(UUID[]::new),
                chunks.stream().map(PostgresReceipts::entry).toArray(String[]::new),
                chunks.stream().map(chunk -> chunk.entries().size()).toArray(Integer[]::new),
                chunks.stream()
                        .map(chunk -> toJson(rejections.getOrDefault(chunk.id(), List.of())))
                        .toArray(String[]::new),
                chunks.stream().map(chunk -> chunk.carrier().producer()).toArray(String[]::new)));
    }

    /**
     * Tells copies from what was delivered before: each queue entry that isn't the first one with its chunk has a receipt
     * of its own, inserted here.
     */
    private List<Chunk> copies(List<Chunk> chunks) {
        Map<UUID, String> settledBy = new HashMap<>();
        jdbc.query(
                "SELECT id, entry FROM receipts WHERE id = ANY (?::uuid[])",
                row -> {
                    settledBy.put(row.getObject(1, UUID.class), row.getString(2));
                },
                (Object) chunks.stream().map(Chunk::id).distinct().toArray(UUID[]::new));
        List<Chunk> candidates = new ArrayList<>();
        List<Chunk> copies = new ArrayList<>();
        for (Chunk chunk : chunks) {
            Chunk.Origin origin = chunk.carrier();
            if (origin.isDoor() || chunk.isReplay()) {
                copies.add(chunk); // not delivered before: the door doesn't, and of replays these are left out already
            } else if (!origin.id().equals(settledBy.get(chunk.id()))) {
                candidates.add(chunk);
            }
        }
        if (!candidates.isEmpty()) {
            Set<UUID> unsettled = insertEntries(candidates);
            candidates.stream()
                    .filter(chunk -> unsettled.contains(chunk.carrier().uuid()))
                    .forEach(copies::add);
        }
        return copies;
    }

    /** Inserts receipts that name the queue entries themselves; returns the ids of those that had none. */
    private Set<UUID> insertEntries(List<Chunk> chunks) {
        return Set.copyOf(jdbc.queryForList(
                "INSERT INTO receipts (id, entry) SELECT id, entry FROM unnest(?::uuid[], ?::text[]) AS c (id, entry)"
                        + " ORDER BY id ON CONFLICT DO NOTHING RETURNING id",
                UUID.class,
                chunks.stream().map(chunk -> chunk.carrier().uuid()).toArray(UUID[]::new),
                chunks.stream().map(PostgresReceipts::entry).toArray(String[]::new)));
    }

    /** Inserts the receipts of single records; returns those ids that had none. */
    Set<UUID> claimRecords(Collection<UUID> ids) {
        return Set.copyOf(jdbc.queryForList(
                "INSERT INTO receipts (id) SELECT id FROM unnest(?::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING"
                        + " RETURNING id",
                UUID.class,
                (Object) ids.toArray(new UUID[0])));
    }

    @Override
    public List<Receipt> find(Collection<UUID> chunks) {
        return SqlFailure.orUnavailable(() -> reads.query(
                "SELECT id, stored_at, stored, rejected, producer FROM receipts WHERE id = ANY (?::uuid[])",
                (row, number) -> new Receipt(
                        row.getObject(1, UUID.class),
                        row.getObject(2, OffsetDateTime.class).toInstant(),
                        row.getObject(3, Integer.class),
                        row.getString(4),
                        row.getString(5)),
                (Object) chunks.toArray(new UUID[0])));
    }

    private static @Nullable String entry(Chunk chunk) {
        return chunk.carrier().isDoor() ? null : chunk.carrier().id();
    }

    /** What the client may know of a record that is a dead letter. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Noted(int index, @Nullable String field, String reason, String error) {}

    private static @Nullable String toJson(List<Rejection> rejections) {
        if (rejections.isEmpty()) {
            return null;
        }
        try {
            return JSON.writeValueAsString(rejections.stream()
                    .limit(MAX_NOTED)
                    .map(rejection ->
                            new Noted(rejection.index(), rejection.field(), rejection.reason(), rejection.error()))
                    .toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rejections are always JSON", e);
        }
    }
}
