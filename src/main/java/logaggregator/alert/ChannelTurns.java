package logaggregator.alert;

import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import logaggregator.UnavailableException;
import logaggregator.alert.SharedKeys.Terms;
import logaggregator.alert.SharedKeys.Turn;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Keeps the notices of one alert from overtaking each other on the way to a channel, in whichever processes: key {@code
 * alert:turn:CHANNEL:RULE}. One may be under way and one wait; who ends without passing its turn on keeps the others waiting no
 * longer than a delivery may take. Without shared keys only those of one process are kept in order. Thread-safe.
 */
@Component("channelTurns")
public final class ChannelTurns {

    private static final Logger log = LoggerFactory.getLogger(ChannelTurns.class);

    /** Who waits asks several times a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** One for a part of the keys each: what concerns the same key comes one after the other. */
    private static final int LOCKS = 64;

    private final SharedKeys shared;
    private final SharedKeys local;
    private final String prefix;
    private final Terms terms;
    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
    private final String process = UUID.randomUUID().toString();

    @Autowired
    ChannelTurns(SharedKeys shared, AlertSettings settings, NotifySettings notify) {
        this(shared, settings, notify, System::nanoTime);
    }

    ChannelTurns(SharedKeys shared, AlertSettings settings, NotifySettings notify, LongSupplier nanoTime) {
        this.shared = shared;
        this.local = new LocalKeys(nanoTime);
        this.prefix = settings.keyPrefix();
        // by twice its time-out what hangs is interrupted
        Duration longest = Duration.ofMillis(2L * notify.timeoutMs()).plus(MARGIN);
        this.terms = new Terms(PATIENCE, longest, longest.plusSeconds(settings.deliveryTimeout()));
    }

    /**
     * Whether it is time to tell a channel of it; to be asked until it is, or until it has come to nothing since one that was
     * found later waits, too, or has had its turn.
     */
    public Turn ask(AlertEvent event, String channel) {
        synchronized (locks[Math.floorMod(key(event, channel).hashCode(), LOCKS)]) {
            return askInTurn(event, channel);
        }
    }

    private Turn askInTurn(AlertEvent event, String channel) {
        Turn own = ask(local, event, channel, false);
        Turn turn = own == Turn.LOST ? own : among(event, channel, own);
        if (turn == Turn.HAS) {
            // now that nobody else can have it
            return ask(local, event, channel, true);
        }
        if (turn == Turn.LOST) {
            pass(event, channel);
        }
        return turn;
    }

    /** All are asked for a place, also by who has to wait among its own. */
    private Turn among(AlertEvent event, String channel, Turn own) {
        try {
            Turn turn = ask(shared, event, channel, own == Turn.HAS);
            return own == Turn.WAITS && turn == Turn.HAS ? own : turn;
        } catch (UnavailableException e) {
            log.debug("Notices are kept in order by this process alone", e);
            return own;
        }
    }

    private Turn ask(SharedKeys keys, AlertEvent event, String channel, boolean takes) {
        return keys.ask(key(event, channel), token(event), event.at().toEpochMilli(), takes, terms);
    }

    /** To be called when a channel is done with it. */
    public void pass(AlertEvent event, String channel) {
        local.passOn(key(event, channel), token(event));
        try {
            shared.passOn(key(event, channel), token(event));
        } catch (UnavailableException e) {
            // it runs out by itself
        }
    }

    /**
     * The same, as soon as the channel is done with it.
     *
     * @param visit null when it was never sent there
     */
    public void passAfter(@Nullable ChannelVisit visit, AlertEvent event, String channel) {
        if (visit == null) {
            pass(event, channel);
        } else {
            visit.whenOver(() -> pass(event, channel));
        }
    }

    private String key(AlertEvent event, String channel) {
        return prefix + "turn:" + channel + ":" + event.key();
    }

    private String token(AlertEvent event) {
        return process + ":" + event.at();
    }
}
