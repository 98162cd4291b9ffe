package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import logaggregator.UnavailableException;
import logaggregator.metrics.Metrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Lets an alert fire at most once in its interval, and each of its ends be told once, in whichever process: key {@code
 * alert:fired:RULE} or {@code alert:resolved:RULE:TIME} is claimed for as long as a delivery may take, held once it is noted
 * that a channel took the notice (for the rest of the interval; for longer than it takes to note the end), and given back when
 * none did. A process that ends meanwhile lets it run out, so that another one tells it. What this process holds it knows by
 * itself too; without shared keys it goes by that alone. Thread-safe.
 */
@Component("alertDedup")
public final class AlertDedup {

    private static final Logger log = LoggerFactory.getLogger(AlertDedup.class);

    /** Of which nobody knows yet that any channel took it; the next ones fire at the next tick. */
    public static final int MAX_DELIVERIES = 100;

    /** With those that only some channels haven't taken yet. */
    private static final int MOST_UNDER_WAY = 500;

    /** So long all channels have before it counts that some took it: a process that ends meanwhile has told nobody. */
    private static final Duration TOGETHER = Duration.ofSeconds(1);

    /** By then the book knows of an end that was told. */
    private static final Duration UNTIL_NOTED = Duration.ofHours(1);

    private final SharedKeys shared;
    private final SharedKeys local;
    private final String prefix;
    private final Duration deliveryTimeout;
    private final LongSupplier nanoTime;
    private final Metrics metrics;
    private final Map<AlertEvent, Claim> underWay = new ConcurrentHashMap<>();

    /** When each alert that is to be told was claimed last by this process. */
    private final Map<String, Long> claimedAt = new ConcurrentHashMap<>();

    /**
     * @param settledAt when a channel took it; null while none did
     * @param noted whether the book knows that
     */
    private record Claim(String token, long at, @Nullable Long settledAt, boolean noted) {

        private boolean isToBeNoted() {
            return settledAt != null && !noted;
        }
    }

    @Autowired
    AlertDedup(SharedKeys shared, AlertSettings settings, Metrics metrics) {
        this(shared, settings, metrics, System::nanoTime);
    }

    AlertDedup(SharedKeys shared, AlertSettings settings, Metrics metrics, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.metrics = metrics;
        this.shared = shared;
        this.local = new LocalKeys(nanoTime);
        this.prefix = settings.keyPrefix();
        this.deliveryTimeout = Duration.ofSeconds(settings.deliveryTimeout());
    }

    /** Those that have waited longest come first: what can't be told again and again leaves room for the others. */
    public List<AlertEvent> inTurn(List<AlertEvent> events) {
        claimedAt.keySet().retainAll(events.stream().map(AlertEvent::key).collect(Collectors.toSet()));
        long now = nanoTime.getAsLong();
        return events.stream()
                .sorted(Comparator.comparing((AlertEvent event) -> claimedAt.containsKey(event.key()))
                        .thenComparing(event -> claimedAt.getOrDefault(event.key(), now) - now))
                .toList();
    }

    /** Whether this process is to tell of it, now. */
    public boolean claim(AlertEvent event) {
        boolean ours = isOurs(event);
        if (!ours) {
            metrics.deduplicated();
        }
        return ours;
    }

    private boolean isOurs(AlertEvent event) {
        // what is on its way longer than anything may take has got lost
        underWay.values().removeIf(claim -> age(claim).compareTo(UNTIL_NOTED.multipliedBy(2)) > 0);
        List<AlertEvent> unknown = underWay.entrySet().stream()
                .filter(entry -> !entry.getValue().noted())
                .map(Map.Entry::getKey)
                .toList();
        // what has outlived its key is still on its way
        if (unknown.size() >= MAX_DELIVERIES
                || underWay.size() >= MOST_UNDER_WAY
                || unknown.stream().anyMatch(each -> told(each).equals(told(event)))) {
            return false;
        }
        Claim claim = new Claim(UUID.randomUUID().toString(), nanoTime.getAsLong(), null, false);
        if (!claim(told(event), claim.token(), longer(interval(event), deliveryTimeout))) {
            return false;
        }
        underWay.put(event, claim);
        claimedAt.put(event.key(), claim.at());
        return true;
    }

    /** For how long after it was claimed a notice may still be told to channels that were busy, once others took it. */
    static Duration longestWait(Duration deliveryTimeout) {
        return deliveryTimeout.multipliedBy(2);
    }

    /**
     * Whether it is still this process that is to tell of it, after some waiting; what no channel took yet has the whole time
     * again. Not after so long that another one may have told it, or something newer.
     */
    public boolean renew(AlertEvent event) {
        Claim claim = underWay.get(event);
        return claim != null
                && (claim.settledAt() != null
                        ? age(claim).compareTo(longestWait(deliveryTimeout)) < 0
                        : age(claim).compareTo(deliveryTimeout) < 0
                                && hold(told(event), claim.token(), deliveryTimeout));
    }

    /** To be told what became of it at a channel. */
    public void settle(AlertEvent event, ChannelResult result) {
        Claim claim = underWay.get(event);
        if (!result.delivered() || claim == null || claim.settledAt() != null) {
            return;
        }
        if (underWay.replace(event, claim, new Claim(claim.token(), claim.at(), nanoTime.getAsLong(), false))) {
            metrics.fired(event.rule().name(), event.isFiring());
            keep(event);
        }
    }

    /** Whether a channel took it, and the book is to know. */
    public boolean isToBeNoted(AlertEvent event) {
        Claim claim = underWay.get(event);
        return claim != null && claim.isToBeNoted();
    }

    /** What a channel took while others haven't for so long that the book is to know before they do. */
    public List<AlertEvent> toBeNoted() {
        long now = nanoTime.getAsLong();
        return underWay.entrySet().stream()
                .filter(entry -> entry.getValue().isToBeNoted()
                        && now - Objects.requireNonNull(entry.getValue().settledAt()) > TOGETHER.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Keeps all that channels took to this process as long as that can't be noted; to be called every second. */
    public void keepAll() {
        underWay.forEach((event, claim) -> {
            if (claim.isToBeNoted()) {
                keep(event);
            }
        });
    }

    /** To be called again and again while it can't be noted yet what became of it: nobody tells it meanwhile. */
    public void keep(AlertEvent event) {
        Claim claim = underWay.get(event);
        if (claim == null || claim.noted()) {
            return;
        }
        hold(told(event), claim.token(), deliveryTimeout);
        // it may have been noted meanwhile
        Claim now = underWay.get(event);
        if (now != null && now.noted()) {
            holdForRest(event, now);
        }
    }

    /** The book knows now that it was told. */
    public void noted(AlertEvent event) {
        Claim claim = underWay.computeIfPresent(
                event, (same, its) -> new Claim(its.token(), its.at(), its.settledAt(), true));
        if (claim != null) {
            holdForRest(event, claim);
        }
    }

    /** Ends what {@link #claim} began; if no channel took it, it may be told again at once. */
    public void finish(AlertEvent event) {
        Claim claim = underWay.remove(event);
        if (claim == null || claim.noted()) {
            return;
        }
        if (claim.settledAt() == null) {
            release(told(event), claim.token());
        } else {
            holdForRest(event, claim);
        }
    }

    private void holdForRest(AlertEvent event, Claim claim) {
        Duration rest = rest(event, claim);
        if (rest.toMillis() > 0) {
            hold(told(event), claim.token(), rest);
        } else {
            release(told(event), claim.token());
        }
    }

    private Duration rest(AlertEvent event, Claim claim) {
        return event.isFiring() ? interval(event).minus(age(claim)) : interval(event);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** In which it is told once. */
    private static Duration interval(AlertEvent event) {
        return event.isFiring() ? Duration.ofSeconds(event.rule().interval()) : UNTIL_NOTED;
    }

    private Duration age(Claim claim) {
        return Duration.ofNanos(nanoTime.getAsLong() - claim.at());
    }

    /** One for all firings of an alert, and one for each of its ends. */
    private String told(AlertEvent event) {
        Instant end = event.endedAt();
        return end == null
                ? prefix + "fired:" + event.key()
                : prefix + "resolved:" + event.key() + ":" + end.toEpochMilli();
    }

    private boolean claim(String key, String token, Duration longest) {
        if (!local.claim(key, token, deliveryTimeout, longest)) {
            return false;
        }
        boolean claimed = orLocally(keys -> keys.claim(key, token, deliveryTimeout, longest));
        if (!claimed) {
            local.release(key, token);
        }
        return claimed;
    }

    private boolean hold(String key, String token, Duration time) {
        return local.hold(key, token, time) && orLocally(keys -> keys.hold(key, token, time));
    }

    private void release(String key, String token) {
        local.release(key, token);
        orLocally(keys -> {
            keys.release(key, token);
            return true;
        });
    }

    private boolean orLocally(Predicate<SharedKeys> call) {
        try {
            return call.test(shared);
        } catch (UnavailableException e) {
            log.debug("Alerts are told apart by this process alone", e);
            return true;
        }
    }
}
