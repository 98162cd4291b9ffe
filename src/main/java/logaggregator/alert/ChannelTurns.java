package logaggregator.alert;

import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import logaggregator.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Keeps the notices of one alert from overtaking each other on the way to a channel, in whichever processes: key {@code
 * alert:turn:CHANNEL:RULE}. Who ends without passing its turn on keeps the others waiting no longer than a delivery may take.
 * Without shared keys only those of one process are kept in order. Thread-safe.
 */
@Component("channelTurns")
public final class ChannelTurns {

    private static final Logger log = LoggerFactory.getLogger(ChannelTurns.class);

    /** Who waits asks several times a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final SharedKeys shared;
    private final SharedKeys local;
    private final String prefix;
    private final Duration longest;
    private final String process = UUID.randomUUID().toString();

    @Autowired
    ChannelTurns(SharedKeys shared, AlertSettings settings, NotifySettings notify) {
        this(shared, settings, notify, System::nanoTime);
    }

    ChannelTurns(SharedKeys shared, AlertSettings settings, NotifySettings notify, LongSupplier nanoTime) {
        this.shared = shared;
        this.local = new LocalKeys(nanoTime);
        this.prefix = settings.keyPrefix();
        this.longest = Duration.ofMillis(notify.timeoutMs()).plus(MARGIN);
    }

    /** Whether a channel is still to be told something earlier of this alert; to be asked until it isn't. */
    public boolean mustWait(AlertEvent event, String channel) {
        String key = key(event, channel);
        long rank = event.at().toEpochMilli();
        // both are asked: who waits among its own has a place among all
        boolean next = local.claimInTurn(key, token(event), rank, PATIENCE, longest);
        try {
            next &= shared.claimInTurn(key, token(event), rank, PATIENCE, longest);
        } catch (UnavailableException e) {
            log.debug("Notices are kept in order by this process alone", e);
        }
        return !next;
    }

    /** To be called when the channel was told, or wasn't. */
    public void pass(AlertEvent event, String channel) {
        local.passOn(key(event, channel), token(event));
        try {
            shared.passOn(key(event, channel), token(event));
        } catch (UnavailableException e) {
            // it runs out by itself
        }
    }

    private String key(AlertEvent event, String channel) {
        return prefix + "turn:" + channel + ":" + event.key();
    }

    private String token(AlertEvent event) {
        return process + ":" + event.at();
    }
}
