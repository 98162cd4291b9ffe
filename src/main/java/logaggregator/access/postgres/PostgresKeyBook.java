package logaggregator.access.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import logaggregator.UnavailableException;
import logaggregator.access.ApiKey;
import logaggregator.access.KeyBook;
import logaggregator.access.Scope;
import logaggregator.access.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Tables {@code api_keys} and {@code sessions}. Thread-safe. */
@Component
class PostgresKeyBook implements KeyBook {

    private static final int TIMEOUT_SECONDS = 5;

    /** Of one account: whoever has a key begins as many as it likes. */
    private static final int MAX_SESSIONS = 100;

    private static final String END_OLDEST = "DELETE FROM sessions WHERE hash IN"
            + " (SELECT hash FROM sessions WHERE account = ? ORDER BY until DESC OFFSET " + MAX_SESSIONS + ")";

    private static final String COLUMNS =
            "id, name, prefix, scopes, apps, logs_per_minute, created_at, expires_at, revoked_at, last_used_at";

    /** A key is used many times a second: a minute is near enough, and spares the row. */
    private static final String NOTE_USE = "UPDATE api_keys SET last_used_at = ?::timestamptz WHERE id = ?"
            + " AND (last_used_at IS NULL OR last_used_at < ?::timestamptz - interval '1 minute')";

    private final JdbcTemplate jdbc;

    PostgresKeyBook(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
    }

    @Override
    public List<Kept> keys() {
        return call(() -> jdbc.query(
                "SELECT " + COLUMNS + ", hash FROM api_keys ORDER BY id DESC",
                (row, number) -> new Kept(key(row), Secret.ofHash(row.getBytes("hash")))));
    }

    @Override
    public ApiKey add(NewKey key, String prefix, Secret secret) {
        return call(() -> jdbc.query(
                        "INSERT INTO api_keys (name, prefix, hash, scopes, apps, logs_per_minute, expires_at)"
                                + " VALUES (?, ?, ?, ?::text[], ?::text[], ?, ?::timestamptz) RETURNING " + COLUMNS,
                        (row, number) -> key(row),
                        key.name(),
                        prefix,
                        secret.hash(),
                        texts(key.scopes().stream().map(Scope::token).toList()),
                        texts(key.apps()),
                        key.logsPerMinute(),
                        sql(key.expiresAt())))
                .get(0);
    }

    @Override
    public @Nullable ApiKey revoke(long id) {
        return call(() -> jdbc.query(
                        "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = ? RETURNING "
                                + COLUMNS,
                        (row, number) -> key(row),
                        id))
                .stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public void noteUse(Map<Long, Instant> lastUsed) {
        // in one order: processes that note at the same time don't wait for each other in a circle
        List<Object[]> rows = lastUsed.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Object[] {sql(entry.getValue()), entry.getKey(), sql(entry.getValue())})
                .toList();
        call(() -> jdbc.batchUpdate(NOTE_USE, rows));
    }

    @Override
    public void addSession(Secret session, String account, Instant until) {
        call(() -> jdbc.update(
                "INSERT INTO sessions (hash, account, until) VALUES (?, ?, ?::timestamptz)",
                session.hash(),
                account,
                sql(until)));
        call(() -> jdbc.update(END_OLDEST, account));
    }

    @Override
    public @Nullable String sessionOf(Secret session) {
        return call(() -> jdbc.query(
                        "SELECT account FROM sessions WHERE hash = ? AND until > now()",
                        (row, number) -> row.getString(1),
                        (Object) session.hash()))
                .stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public Set<Secret> running(Collection<Secret> sessions) {
        byte[][] hashes = sessions.stream().map(Secret::hash).toArray(byte[][]::new);
        return new HashSet<>(call(() -> jdbc.query(
                "SELECT hash FROM sessions WHERE hash = ANY (?) AND until > now()",
                (row, number) -> Secret.ofHash(row.getBytes(1)),
                (Object) hashes)));
    }

    @Override
    public void removeSession(Secret session) {
        call(() -> jdbc.update("DELETE FROM sessions WHERE hash = ?", (Object) session.hash()));
    }

    @Override
    public void pruneSessions(Collection<String> accounts) {
        call(() -> jdbc.update(
                "DELETE FROM sessions WHERE until < now() OR account <> ALL (?::text[])", (Object) texts(accounts)));
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getLong("id"),
                row.getString("name"),
                row.getString("prefix"),
                Objects.requireNonNull(list(row.getArray("scopes"))),
                list(row.getArray("apps")),
                row.getObject("logs_per_minute", Integer.class),
                Objects.requireNonNull(time(row, "created_at")),
                time(row, "expires_at"),
                time(row, "revoked_at"),
                time(row, "last_used_at"));
    }

    private static @Nullable List<String> list(@Nullable Array array) throws SQLException {
        return array == null ? null : List.of((String[]) array.getArray());
    }

    private static String @Nullable [] texts(@Nullable Collection<String> values) {
        return values == null ? null : values.stream().sorted().toArray(String[]::new);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime sql(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static <T> T call(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessException e) {
            // not what the server says: it may quote data
            throw new UnavailableException("PostgreSQL: the keys can't be reached", e);
        }
    }
}
