package logaggregator.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Lets browsers in without a key in the hands of their scripts: a key is traded for a session, which ends with the key at
 * the latest. Thread-safe.
 */
@Component
public class Sessions {

    /** How long a session lasts. */
    public static final Duration LENGTH = Duration.ofHours(12);

    private static final String KIND = "las_";
    private static final Pattern FORM = Pattern.compile(KIND + "[\\w-]{43}");
    private static final int MAX_REMEMBERED = 10_000;

    /** A session that was ended at another process may go on for so long. */
    private static final Duration REMEMBERED = Duration.ofSeconds(2);

    /** Whatever goes on looks more often; it is watched again when it doesn't. */
    private static final Duration WATCHED = Duration.ofMinutes(1);

    private final KeyBook book;
    private final ApiKeys keys;
    private final Attempts attempts;
    private final Clock clock;
    private final Cache<Secret, Optional<String>> accounts = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    /** Of sessions by which something goes on that takes long: whether they have ended. */
    private final Cache<Secret, Boolean> ended = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterAccess(WATCHED)
            .build();

    Sessions(KeyBook book, ApiKeys keys, Attempts attempts, Clock clock) {
        this.book = book;
        this.keys = keys;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** Begins a session of the owner of a key; returns what the browser has to show. */
    public String begin(Access owner) {
        String text = Secret.random(KIND);
        book.addSession(Secret.of(text), owner.account(), clock.instant().plus(LENGTH));
        return text;
    }

    /**
     * What the owner of a session may do; null when there is no such session, or its key can't be used any more.
     *
     * @param address of the sender: the database is asked for so many invented sessions of each only
     * @throws TooManyAttemptsException when it isn't asked any more
     */
    public @Nullable Access find(String text, String address) {
        if (!FORM.matcher(text).matches()) {
            return null;
        }
        Secret session = Secret.of(text);
        String account =
                accounts.get(session, unused -> lookUp(session, address)).orElse(null);
        Access owner = account == null ? null : keys.ofAccount(account);
        return owner == null ? null : owner.by(session);
    }

    /** Counts as wrong until it turns out to be right: many at once don't get past the limit. */
    private Optional<String> lookUp(Secret session, String address) {
        if (!attempts.mayFail(address)) {
            throw new TooManyAttemptsException();
        }
        Optional<String> account = Optional.ofNullable(book.sessionOf(session));
        account.ifPresent(found -> attempts.forgive(address));
        return account;
    }

    /** Ends a session, of whose owner one is sure. */
    public void end(String text) {
        Secret session = Secret.of(text);
        book.removeSession(session);
        accounts.invalidate(session);
        endWatched(session);
    }

    /**
     * Whether whoever was let in may go on with what takes long: as long as its key can be used, and the session by which it
     * came, if any, hasn't ended. Asks no server: what ends elsewhere is known within {@link #check seconds}.
     */
    public boolean isCurrent(Access access) {
        Secret session = access.session();
        return keys.isCurrent(access) && (session == null || !ended.get(session, unused -> false));
    }

    /** Looks which of the sessions that somebody goes on with have ended; called every two seconds. */
    public void check() {
        Set<Secret> watched = Set.copyOf(ended.asMap().keySet());
        if (!watched.isEmpty()) {
            Set<Secret> running = book.running(watched);
            watched.stream().filter(session -> !running.contains(session)).forEach(this::endWatched);
        }
    }

    private void endWatched(Secret session) {
        ended.asMap().computeIfPresent(session, (unused, before) -> true);
    }
}
