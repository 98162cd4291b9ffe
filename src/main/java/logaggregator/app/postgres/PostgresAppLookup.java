package logaggregator.app.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import logaggregator.UnavailableException;
import logaggregator.app.AppLookup;
import org.springframework.stereotype.Component;

/**
 * Looks applications up in table {@code apps} and remembers those that exist. Callers ask the database in turns, each for so
 * many at once: nobody waits long for one that wants to know much. Once the database hasn't answered, one asks it, and the
 * others don't wait. Thread-safe.
 */
@Component
class PostgresAppLookup implements AppLookup {

    private static final int MAX_REMEMBERED = 10_000;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** For how long a name counts as known while the database is away. */
    private static final Duration KNOWN_LATELY = Duration.ofHours(1);

    private static final int ANSWER_TIMEOUT_MS = 1_000;
    private static final long TURN_TIMEOUT_MS = 1_000;
    private static final int MAX_ASKED_AT_ONCE = 500;

    /** How long nobody asks after a failure. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

    private static final String BY_ID = "SELECT id, name FROM apps WHERE id = ANY (?)";
    private static final String BY_NAME = "SELECT id, name FROM apps WHERE name = ANY (?)";

    private final Cache<String, Boolean> known = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();
    private final Cache<String, Boolean> knownLately = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(KNOWN_LATELY)
            .build();
    private final Cache<Integer, String> names = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();
    private final ReentrantLock turn = new ReentrantLock(true);
    private final DataSource dataSource;
    private volatile boolean answers = true;
    private volatile long resumeAt = System.nanoTime();

    PostgresAppLookup(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Map<Integer, String> find(Set<Integer> ids) {
        Map<Integer, String> found = new HashMap<>(names.getAllPresent(ids));
        if (found.size() < ids.size()) {
            Set<Integer> missing = new HashSet<>(ids);
            missing.removeAll(found.keySet());
            Map<Integer, String> asked = ask(BY_ID, "int4", missing);
            names.putAll(asked);
            found.putAll(asked);
        }
        return found;
    }

    @Override
    public Set<String> existing(Set<String> wanted) {
        Set<String> found = new HashSet<>(known.getAllPresent(wanted).keySet());
        if (found.size() < wanted.size()) {
            Set<String> missing = new HashSet<>(wanted);
            missing.removeAll(found);
            found.addAll(ofThose(missing));
        }
        return found;
    }

    @Override
    public Map<Integer, String> findKnown(Set<Integer> ids) {
        return names.getAllPresent(ids);
    }

    @Override
    public Set<String> existingKnown(Set<String> wanted) {
        return knownLately.getAllPresent(wanted).keySet();
    }

    private Collection<String> ofThose(Set<String> wanted) {
        try {
            Collection<String> found = ask(BY_NAME, "text", wanted).values();
            found.forEach(name -> {
                known.put(name, true);
                knownLately.put(name, true);
            });
            return found;
        } catch (UnavailableException e) {
            return existingKnown(wanted);
        }
    }

    private Map<Integer, String> ask(String sql, String type, Set<?> values) {
        Map<Integer, String> found = new HashMap<>();
        Object[] all = values.toArray();
        for (int from = 0; from < all.length; from += MAX_ASKED_AT_ONCE) {
            int to = Math.min(all.length, from + MAX_ASKED_AT_ONCE);
            found.putAll(askInTurn(sql, type, Arrays.copyOfRange(all, from, to)));
        }
        return found;
    }

    private Map<Integer, String> askInTurn(String sql, String type, Object[] values) {
        try {
            if (!turn.tryLock(answers ? TURN_TIMEOUT_MS : 0, TimeUnit.MILLISECONDS)) {
                throw new UnavailableException("others wait for PostgreSQL", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", e);
        }
        try {
            if (System.nanoTime() - resumeAt < 0) {
                throw new UnavailableException("PostgreSQL did not answer a moment ago", null);
            }
            Map<Integer, String> found = select(sql, type, values);
            answers = true;
            return found;
        } catch (SQLException e) {
            answers = false;
            resumeAt = System.nanoTime() + PAUSE_NANOS;
            throw new UnavailableException("PostgreSQL does not tell which apps there are", e);
        } finally {
            turn.unlock();
        }
    }

    private Map<Integer, String> select(String sql, String type, Object[] values) throws SQLException {
        Map<Integer, String> found = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            connection.setNetworkTimeout(Runnable::run, ANSWER_TIMEOUT_MS);
            select.setArray(1, connection.createArrayOf(type, values));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getInt(1), rows.getString(2));
                }
            }
        }
        return found;
    }
}
