package routes;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import logaggregator.BusyException;
import logaggregator.alert.NotifySettings;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;

/**
 * Lets some alerts at once into a channel. The others wait, each on a thread of its own, so that a channel that hangs is nothing
 * to others; and not for long where nothing gets on. Thread-safe.
 */
@Component("channelPlaces")
public class ChannelPlaces {

    /** What is stuck in a channel must not use up all threads. */
    static final int MOST_AT_ONCE = 8;

    /** Of the time that an alert has: where no place was left for so long the channel hangs. */
    private static final int PATIENCE = 4;

    private final Map<String, Places> channels = new ConcurrentHashMap<>();

    private final long timeoutNanos;

    public ChannelPlaces(NotifySettings settings) {
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(settings.timeoutMs());
    }

    private static final class Places extends Semaphore {

        private static final long serialVersionUID = 1L;

        private volatile long leftAt = System.nanoTime();

        private Places() {
            super(MOST_AT_ONCE, true);
        }

        private void leave() {
            leftAt = System.nanoTime();
            release();
        }
    }

    /** Waits for a place, which is free again when the exchange is done, however it ends. */
    public void enter(Exchange exchange, FanOut fanOut, String channel) throws InterruptedException {
        fanOut.entered(exchange.getExchangeId(), channel);
        Places places = channels.computeIfAbsent(channel, name -> new Places());
        long patience = timeoutNanos / PATIENCE;
        while (!places.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
            boolean getsOn = System.nanoTime() - places.leftAt < patience;
            if (!getsOn || fanOut.age().compareTo(Duration.ofNanos(timeoutNanos)) > 0) {
                throw new BusyException("channel_busy", MOST_AT_ONCE + " earlier alerts are still under way");
            }
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                places.leave();
            }

            /** Whoever the channel passes it on to doesn't keep the place. */
            @Override
            public boolean allowHandover() {
                return false;
            }
        });
    }
}
