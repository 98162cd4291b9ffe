package logaggregator.deadletter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.deadletter.DeadLetter;
import logaggregator.deadletter.DeadLetterArchive;
import logaggregator.deadletter.DeadLetterFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Dead letters in table {@code dead_letters}. Thread-safe. */
@Component("deadLetterArchive")
class PostgresDeadLetterArchive implements DeadLetterArchive {

    private static final int TIMEOUT_SECONDS = 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcTemplate jdbc;

    PostgresDeadLetterArchive(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
    }

    /** What no query asks for. */
    record Rest(
            UUID identity,
            @Nullable String field,
            String error,
            String receivedAt,
            long attempts,
            long replays,
            String source,
            String entry,
            int line) {}

    @Override
    public void add(List<DeadLetter> letters) {
        insert(letters, true, "DO NOTHING");
    }

    @Override
    public void keep(List<DeadLetter> letters) {
        insert(letters, false, "(identity) DO UPDATE SET waiting = false");
    }

    private void insert(List<DeadLetter> letters, boolean waiting, String onConflict) {
        call(() -> jdbc.batchUpdate(
                // a letter that was in no queue before gets an id like the queue's, which none there will have
                "INSERT INTO dead_letters (millis, sequence, identity, app, reason, failed_at, data, fields, waiting)"
                        + " VALUES (?, coalesce(?, nextval('dead_letters_sequence')), ?, ?, ?, ?, ?, ?::jsonb, ?)"
                        + " ON CONFLICT " + onConflict,
                letters.stream()
                        .map(letter -> new Object[] {
                            letter.id().isEmpty()
                                    ? letter.failedAt().toEpochMilli()
                                    : EntryId.parse(letter.id()).millis(),
                            letter.id().isEmpty()
                                    ? null
                                    : EntryId.parse(letter.id()).sequence(),
                            letter.key(),
                            letter.app(),
                            letter.reason(),
                            letter.failedAt().atOffset(ZoneOffset.UTC),
                            letter.data(),
                            toJson(letter),
                            waiting
                        })
                        .toList(),
                new int[] {
                    Types.BIGINT,
                    Types.BIGINT,
                    Types.VARCHAR,
                    Types.VARCHAR,
                    Types.VARCHAR,
                    Types.TIMESTAMP_WITH_TIMEZONE,
                    Types.BINARY,
                    Types.VARCHAR,
                    Types.BOOLEAN
                }));
    }

    @Override
    public List<DeadLetter> waiting(int limit) {
        return query("waiting ORDER BY millis, sequence LIMIT ?", limit);
    }

    @Override
    public void removeWaiting(List<DeadLetter> letters) {
        call(() -> jdbc.update("DELETE FROM dead_letters WHERE waiting AND identity = ANY (?::text[])", (Object)
                letters.stream().map(DeadLetter::key).toArray(String[]::new)));
    }

    @Override
    public void removeAll(Collection<String> keys) {
        if (!keys.isEmpty()) {
            call(() -> jdbc.update(
                    "DELETE FROM dead_letters WHERE identity = ANY (?::text[])", (Object) keys.toArray(new String[0])));
        }
    }

    @Override
    public List<DeadLetter> find(DeadLetterFilter filter, @Nullable String before, int limit) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        List<Object> values = new ArrayList<>();
        add("reason = ?", filter.reason(), conditions, values);
        add("app = ?", filter.app(), conditions, values);
        add("failed_at >= ?", utc(filter.start()), conditions, values);
        add("failed_at < ?", utc(filter.end()), conditions, values);
        if (before != null) {
            conditions.add("(millis, sequence) < (?, ?)");
            EntryId id = EntryId.parse(before);
            values.add(id.millis());
            values.add(id.sequence());
        }
        values.add(limit);
        return query(
                String.join(" AND ", conditions) + " ORDER BY millis DESC, sequence DESC LIMIT ?", values.toArray());
    }

    @Override
    public long count(int limit) {
        return Objects.requireNonNull(call(() -> jdbc.queryForObject(
                "SELECT count(*) FROM (SELECT FROM dead_letters LIMIT ?) AS letters", Long.class, limit)));
    }

    @Override
    public @Nullable DeadLetter get(String id) {
        EntryId entry = EntryId.parse(id);
        return query("millis = ? AND sequence = ?", entry.millis(), entry.sequence()).stream()
                .findFirst()
                .orElse(null);
    }

    private List<DeadLetter> query(String condition, Object... values) {
        return call(() -> jdbc.query(
                "SELECT millis || '-' || sequence, app, reason, failed_at, data, fields FROM dead_letters WHERE "
                        + condition,
                (row, number) -> toLetter(row),
                values));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static void add(String condition, @Nullable Object value, List<String> conditions, List<Object> values) {
        if (value != null) {
            conditions.add(condition);
            values.add(value);
        }
    }

    private static String toJson(DeadLetter letter) {
        try {
            return JSON.writeValueAsString(new Rest(
                    letter.identity(),
                    letter.field(),
                    letter.error(),
                    letter.receivedAt().toString(),
                    letter.attempts(),
                    letter.replays(),
                    letter.source(),
                    letter.entry(),
                    letter.line()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dead letter is always JSON", e);
        }
    }

    private static DeadLetter toLetter(ResultSet row) throws SQLException {
        try {
            Rest rest = JSON.readValue(row.getString(6), Rest.class);
            return new DeadLetter(
                    row.getString(1),
                    rest.identity(),
                    row.getString(2),
                    row.getString(3),
                    rest.field(),
                    rest.error(),
                    row.getBytes(5),
                    Instant.parse(rest.receivedAt()),
                    row.getObject(4, OffsetDateTime.class).toInstant(),
                    rest.attempts(),
                    rest.replays(),
                    rest.source(),
                    rest.entry(),
                    rest.line());
        } catch (JsonProcessingException e) {
            throw new SQLException("dead_letters.fields isn't what this program writes", e);
        }
    }

    private static <T> T call(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessException e) {
            throw new UnavailableException("PostgreSQL: dead letters can't be reached", e);
        }
    }
}
