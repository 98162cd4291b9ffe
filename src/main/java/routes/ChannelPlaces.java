package routes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import logaggregator.BusyException;
import logaggregator.alert.NotifySettings;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Lets some alerts at once into a channel. The others wait, each on a thread of its own, so that a channel that hangs is nothing
 * to others; and not for long where nothing gets on. Thread-safe.
 */
@Component("channelPlaces")
public class ChannelPlaces {

    /** What is stuck in a channel must not use up all threads. */
    static final int MOST_AT_ONCE = 8;

    /** A part of the time that an alert has: where nobody left for so long the channel hangs, and so much a try may take. */
    private static final int PATIENCE = 4;

    private final Map<String, Places> channels = new ConcurrentHashMap<>();

    private final long timeoutNanos;

    public ChannelPlaces(NotifySettings settings) {
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(settings.timeoutMs());
    }

    /** Of one version of a channel: what hangs in the one before, or in one of that name that was removed, is nothing to it. */
    private static final class Places extends Semaphore {

        private static final long serialVersionUID = 1L;

        private final transient @Nullable Route route;
        private volatile long leftAt = System.nanoTime();

        private Places(@Nullable Route route) {
            super(MOST_AT_ONCE, true);
            this.route = route;
        }

        private void leave() {
            leftAt = System.nanoTime();
            release();
        }
    }

    /** Waits for a place, which is free again when the exchange is done, however it ends. */
    public void enter(Exchange exchange, ChannelDelivery delivery) throws InterruptedException {
        delivery.enter();
        String channel = delivery.getChannel();
        Route route = exchange.getContext().getRoute(NotificationChannels.PREFIX + channel);
        Places places = channels.compute(
                channel, (name, those) -> those == null || those.route != route ? new Places(route) : those);
        try {
            waitFor(places, delivery);
        } catch (BusyException | InterruptedException e) {
            delivery.leave();
            throw e;
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                places.leave();
                delivery.leave();
            }

            /** Whoever the channel passes it on to doesn't keep the place. */
            @Override
            public boolean allowHandover() {
                return false;
            }
        });
    }

    /** Who would be let in with no time left would tell what counts as not told, and is told again. */
    private void waitFor(Places places, ChannelDelivery delivery) throws InterruptedException {
        long patience = timeoutNanos / PATIENCE;
        while (true) {
            long left = timeoutNanos - patience - delivery.age().toNanos();
            if (left > 0 && places.tryAcquire(Math.min(left, patience), TimeUnit.NANOSECONDS)) {
                return;
            }
            boolean getsOn = System.nanoTime() - places.leftAt < patience;
            if (left <= 0 || !getsOn) {
                throw new BusyException("channel_busy", MOST_AT_ONCE + " earlier alerts are still under way");
            }
        }
    }
}
