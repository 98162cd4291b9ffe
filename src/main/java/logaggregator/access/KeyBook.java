package logaggregator.access;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Where keys and sessions are kept. All methods throw {@link UnavailableException} when they can't be reached. */
public interface KeyBook {

    /** A key as it is compared with what clients send. */
    record Kept(ApiKey key, Secret secret) {}

    /** What a key is to be. */
    record NewKey(
            String name,
            Set<Scope> scopes,
            @Nullable Set<String> apps,
            @Nullable Integer logsPerMinute,
            @Nullable Instant expiresAt) {}

    /** All that there ever were, the newest first. */
    List<Kept> keys();

    /** @param prefix to recognise the key by */
    ApiKey add(NewKey key, String prefix, Secret secret);

    /** Returns the key, which nobody can use from now on; null when there is none of that id. */
    @Nullable
    ApiKey revoke(long id);

    /** Notes when keys were used, by id. */
    void noteUse(Map<Long, Instant> lastUsed);

    /**
     * Begins a session; of those of its owner the oldest end when there are very many.
     *
     * @param account whose session it is
     */
    void addSession(Secret session, String account, Instant until);

    /** Whose session it is; null when there is none, or none any more. */
    @Nullable
    String sessionOf(Secret session);

    /** Those of the sessions that haven't ended. */
    Set<Secret> running(Collection<Secret> sessions);

    void removeSession(Secret session);

    /** Removes sessions that have ended, or whose owners are none of these. */
    void pruneSessions(Collection<String> accounts);
}
