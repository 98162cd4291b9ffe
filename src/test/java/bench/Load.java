package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.support.RawConnection;
import org.HdrHistogram.Histogram;

/** Sends requests over connections that stay open, and expects that each is accepted. */
final class Load {

    private static final Pattern ENQUEUED = Pattern.compile("\"enqueued\":(\\d+)");
    private static final long LONGEST_MICROS = 60_000_000;
    private static final int DIGITS = 3;

    private final int port;

    Load(int port) {
        this.port = port;
    }

    /** Each connection sends the next request when it has its answer. Returns how many records were accepted. */
    int closedLoop(Requests requests, int connections) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        inParallel(connections, place -> {
            try (RawConnection connection = new RawConnection(port)) {
                for (int n = next.getAndIncrement(); n < requests.count(); n = next.getAndIncrement()) {
                    accepted.addAndGet(send(connection, requests.bytes().get(n)));
                }
            }
        });
        return accepted.get();
    }

    /**
     * Sends at a constant rate, whatever the answers do, over and over again. An answer's time begins when its request was
     * due, so that a request that had to wait for a connection counts as slow.
     *
     * @return the times of the answers, in microseconds
     */
    Histogram openLoop(Requests requests, int connections, double perSecond, int count) throws Exception {
        Histogram times = new Histogram(LONGEST_MICROS, DIGITS);
        AtomicInteger next = new AtomicInteger();
        double period = 1e9 / perSecond;
        long begin = System.nanoTime();
        inParallel(connections, place -> {
            try (RawConnection connection = new RawConnection(port)) {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    long due = begin + (long) (n * period);
                    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                        LockSupport.parkNanos(wait);
                    }
                    send(connection, requests.bytes().get(n % requests.count()));
                    long micros = (System.nanoTime() - due) / 1_000;
                    synchronized (times) {
                        times.recordValue(Math.min(micros, LONGEST_MICROS));
                    }
                }
            }
        });
        return times;
    }

    private static int send(RawConnection connection, byte[] request) {
        RawConnection.Answer answer = connection.send(request).answer();
        Matcher enqueued = answer == null ? null : ENQUEUED.matcher(answer.body());
        if (enqueued == null || answer.status() != 200 || !enqueued.find()) {
            throw new IllegalStateException("refused: " + answer);
        }
        return Integer.parseInt(enqueued.group(1));
    }

    static void inParallel(int threads, IntConsumer work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> running = new ArrayList<>();
        for (int n = 0; n < threads; n++) {
            int place = n;
            running.add(executor.submit(() -> work.accept(place)));
        }
        for (Future<?> one : running) {
            one.get();
        }
        executor.shutdown();
    }
}
