package routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import logaggregator.alert.NotifySettings;
import org.jspecify.annotations.Nullable;

/**
 * The threads that channels run on. They are bounded in number, end when there is nothing to do, and are interrupted when a
 * channel keeps one for twice as long as anybody waits for it. Thread-safe.
 */
public class DeliveryThreads extends ThreadPoolExecutor {

    /** For a hundred alerts at ten channels; who finds none free is not told there. */
    private static final int MOST = 1_000;

    private static final int IDLE_SECONDS = 30;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Map<Thread, Long> busySince = new ConcurrentHashMap<>();
    private final long patienceNanos;

    public DeliveryThreads(NotifySettings settings) {
        super(0, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "notify-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        patienceNanos = TimeUnit.MILLISECONDS.toNanos(2L * settings.timeoutMs());
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        busySince.put(thread, System.nanoTime());
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable failure) {
        synchronized (busySince) {
            busySince.remove(Thread.currentThread());
            // an interrupt was meant for this task
            Thread.interrupted();
        }
    }

    /** Called every second. */
    public void interruptOverdue() {
        List<Thread> overdue = new ArrayList<>();
        busySince.forEach((thread, since) -> {
            if (System.nanoTime() - since > patienceNanos) {
                overdue.add(thread);
            }
        });
        for (Thread thread : overdue) {
            synchronized (busySince) {
                @Nullable Long since = busySince.get(thread);
                if (since != null && System.nanoTime() - since > patienceNanos) {
                    thread.interrupt();
                }
            }
        }
    }
}
