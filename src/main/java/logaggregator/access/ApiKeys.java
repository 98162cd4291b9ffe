package logaggregator.access;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import logaggregator.UnavailableException;
import logaggregator.access.ConfiguredKeys.Configured;
import logaggregator.access.KeyBook.Kept;
import logaggregator.access.KeyBook.NewKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.stereotype.Component;

/**
 * All keys, in memory: a request asks no server, and keys work while the database is away. What another process does to
 * them is known within {@link #load seconds}. Thread-safe.
 */
@Component("apiKeys")
@DependsOn("storeSchema")
public class ApiKeys implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

    private static final String KIND = "la_";

    private final KeyBook book;
    private final Clock clock;
    private final AccessSettings settings;
    private final List<Configured> configured;
    private final Map<Long, Instant> used = new ConcurrentHashMap<>();
    private volatile Known known;

    /** A key that may be used, until then; forever if that is null. */
    private record Usable(
            Secret secret,
            Access access,
            @Nullable Long id,
            @Nullable Instant until) {}

    /**
     * What is known of the keys.
     *
     * @param complete whether those of the database are there
     */
    private record Known(Map<Long, Usable> byIndex, Map<String, Usable> byAccount, boolean any, boolean complete) {}

    /** A key that was made; its text can't be had again. */
    public record Created(ApiKey key, String text) {}

    ApiKeys(KeyBook book, AccessSettings settings, Clock clock) {
        this.book = book;
        this.settings = settings;
        this.clock = clock;
        this.configured = ConfiguredKeys.of(settings);
        this.known = know(List.of(), false);
    }

    @Override
    public void afterPropertiesSet() {
        try {
            load();
        } catch (UnavailableException e) {
            log.warn("The keys of the database can't be read yet: {}", e.getMessage());
        }
    }

    /** Reads the keys again; called every two seconds. Notes which were used. */
    public synchronized void load() {
        known = know(book.keys(), true);
        Map<Long, Instant> noted = Map.copyOf(used);
        if (!noted.isEmpty()) {
            book.noteUse(noted);
            noted.forEach(used::remove);
        }
    }

    /** Removes sessions that nobody can use any more; called from time to time. */
    public void pruneSessions() {
        if (known.complete()) {
            book.pruneSessions(known.byAccount().keySet());
        }
    }

    private Known know(List<Kept> kept, boolean complete) {
        Map<Long, Usable> byIndex = new HashMap<>();
        configured.forEach(
                key -> byIndex.put(key.secret().index(), new Usable(key.secret(), key.access(), null, null)));
        for (Kept one : kept) {
            ApiKey key = one.key();
            if (key.revokedAt() == null) {
                byIndex.put(one.secret().index(), new Usable(one.secret(), access(key), key.id(), key.expiresAt()));
            }
        }
        Map<String, Usable> byAccount = new HashMap<>();
        byIndex.values().forEach(key -> byAccount.put(key.access().account(), key));
        return new Known(byIndex, byAccount, !configured.isEmpty() || !kept.isEmpty(), complete);
    }

    private Access access(ApiKey key) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        key.scopes().forEach(name -> Scope.of(name).ifPresent(scopes::add));
        return new Access(
                "key-" + key.id(),
                key.name(),
                scopes,
                key.apps() == null ? Set.of() : Set.copyOf(key.apps()),
                key.logsPerMinute() == null ? settings.logsPerMinutePerKey() : key.logsPerMinute());
    }

    /** Whether there is, or ever was, a key: a revoked last key doesn't open the door to everybody. */
    public boolean exist() {
        return known.any();
    }

    /** Whether the keys of the database were read. */
    public boolean areKnown() {
        return known.complete();
    }

    /** What the owner of a key may do; null when it is none, or none any more. */
    public @Nullable Access find(String text) {
        Secret secret = Secret.of(text);
        Usable key = known.byIndex().get(secret.index());
        return key != null && key.secret().equals(secret) ? use(key) : null;
    }

    /** What the owner of the key of this account may do now; null when it can't be used any more. */
    public @Nullable Access ofAccount(String account) {
        Usable key = known.byAccount().get(account);
        return key == null ? null : use(key);
    }

    /** Whether the key of whoever was let in can still be used; without one, whether there is none. */
    boolean isCurrent(Access access) {
        if (!access.isSomebody()) {
            return !exist();
        }
        Usable key = known.byAccount().get(access.account());
        return key != null && isUsable(key);
    }

    private @Nullable Access use(Usable key) {
        if (!isUsable(key)) {
            return null;
        }
        if (key.id() != null) {
            used.put(key.id(), clock.instant());
        }
        return key.access();
    }

    private boolean isUsable(Usable key) {
        return key.until() == null || clock.instant().isBefore(key.until());
    }

    /** Makes a key, which works at once. */
    public Created create(NewKey wanted) {
        String text = Secret.random(KIND);
        ApiKey key = book.add(wanted, Secret.prefix(text), Secret.of(text));
        load();
        return new Created(key, text);
    }

    public List<ApiKey> list() {
        return book.keys().stream().map(Kept::key).toList();
    }

    /** Ends the use of a key, here at once; null when there is none of that id. */
    public @Nullable ApiKey revoke(long id) {
        ApiKey key = book.revoke(id);
        load();
        return key;
    }
}
