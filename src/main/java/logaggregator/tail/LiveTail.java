package logaggregator.tail;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import logaggregator.BusyException;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.queue.QueueTail;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/** Shows logs while they come in, before they are stored. Reads the queue only while somebody listens. Thread-safe. */
@Component
public class LiveTail implements SmartLifecycle {

    static final int MAX_LISTENERS = 100;

    /** The others are for those with other keys. */
    static final int MAX_LISTENERS_OF_ONE = 20;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final QueueTail queue;
    private final TailDecoder decoder;
    private final Executor picking = newPicking();

    /** Each with the account of whoever listens. */
    private final Map<TailListener, String> listeners = new LinkedHashMap<>();

    private @Nullable TailReader reader;
    private TailPosition position = TailPosition.after("0-0");
    private boolean running;

    LiveTail(QueueTail queue, TailDecoder decoder) {
        this.queue = queue;
        this.decoder = decoder;
    }

    /**
     * Begins to listen.
     *
     * @param after where the listener was before, to go on from there; null to begin now
     * @param account of whoever listens; empty where no key is needed
     * @throws BusyException when as many listen as may, all together or with this account
     * @throws UnavailableException when the queue can't be read
     */
    public synchronized TailListener listen(LogFilter filter, @Nullable TailPosition after, String account) {
        if (!running) {
            throw new UnavailableException("the service ends", null);
        }
        if (listeners.size() >= MAX_LISTENERS) {
            throw new BusyException("too_many_listeners", MAX_LISTENERS + " listeners follow the logs already");
        }
        if (!account.isEmpty() && Collections.frequency(listeners.values(), account) >= MAX_LISTENERS_OF_ONE) {
            throw new BusyException(
                    "too_many_listeners", MAX_LISTENERS_OF_ONE + " listeners follow the logs with this key already");
        }
        if (reader == null) {
            String last = queue.last();
            position = TailPosition.after(last);
            reader = new TailReader(queue, decoder, new Listeners(), last);
            reader.start();
        }
        try {
            TailListener listener = listener(filter, after == null ? position : after);
            listeners.put(listener, account);
            return listener;
        } finally {
            stopUnlessHeard();
        }
    }

    /** The reader may be behind the position, when that comes from another process; or it is of another queue. */
    private TailListener listener(LogFilter filter, TailPosition after) {
        if (after.compareTo(position) < 0) {
            CatchUp earlier = new CatchUp(queue, decoder, picking, after, position.entry());
            return new TailListener(filter, position, earlier, picking, this::leave);
        }
        boolean known = after.equals(position) || after.entry().compareTo(EntryId.parse(queue.last())) <= 0;
        TailListener listener = new TailListener(filter, known ? after : position, null, picking, this::leave);
        if (!known) {
            listener.addGap();
        }
        return listener;
    }

    private synchronized void leave(TailListener listener) {
        listeners.remove(listener);
        stopUnlessHeard();
    }

    private void stopUnlessHeard() {
        if (listeners.isEmpty() && reader != null) {
            reader.stop();
            reader = null;
        }
    }

    /** Half of the processors at most: whoever looks on leaves the others to those who send logs. */
    private static Executor newPicking() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        CustomizableThreadFactory factory = new CustomizableThreadFactory("log-tail-pick-");
        factory.setDaemon(true);
        ThreadPoolExecutor picking = new ThreadPoolExecutor(
                threads, threads, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        picking.allowCoreThreadTimeOut(true);
        return picking;
    }

    /** A reader that was stopped may have read something still: that isn't for those who came after it. */
    private final class Listeners implements TailReader.Audience {

        @Override
        public void offer(TailReader from, TailBatch batch) {
            synchronized (LiveTail.this) {
                if (from == reader) {
                    position = batch.upTo();
                    listeners.keySet().forEach(listener -> listener.offer(batch));
                }
            }
        }

        @Override
        public void addGap(TailReader from) {
            synchronized (LiveTail.this) {
                if (from == reader) {
                    listeners.keySet().forEach(TailListener::addGap);
                }
            }
        }
    }

    @Override
    public synchronized void start() {
        running = true;
    }

    /** Before the web server waits for its requests: these would never end. */
    @Override
    public synchronized void stop() {
        running = false;
        listeners.keySet().forEach(TailListener::end);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }
}
