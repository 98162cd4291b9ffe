package logaggregator.drill;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.RawConnection;

/** A producer and a reader that go on whatever they are told, and in what ways they may be at fault themselves. */
final class Traffic implements AutoCloseable {

    private static final int PER_REQUEST = 50;
    private static final int BAD_OF_THESE = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(50);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);
    private static final Duration BETWEEN_HALVES = Duration.ofMillis(1_500);

    private final int port;
    private final Api api;
    private final List<Thread> threads;
    private volatile boolean silent;
    private volatile boolean sendsNonsense;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean slow;
    private volatile boolean stopping;

    Traffic(int port) {
        this.port = port;
        this.api = new Api(port, PATIENCE);
        this.threads = Stream.<Runnable>of(this::produce, this::produceSlowly, this::read)
                .map(Thread::new)
                .toList();
        threads.forEach(Thread::start);
    }

    /** Nobody sends anything. */
    void setSilent(boolean isSilent) {
        silent = isSilent;
    }

    /** One record in ten is none. */
    void setNonsense(boolean sendsNonsenseNow) {
        sendsNonsense = sendsNonsenseNow;
    }

    /** The clock of the producer. */
    void setAhead(Duration time) {
        ahead = time;
    }

    /** There are clients that send slowly as well. */
    void setSlow(boolean isSlow) {
        slow = isSlow;
    }

    private void produce() {
        repeat(BETWEEN_REQUESTS, () -> {
            if (!silent) {
                api.ingest(body());
            }
        });
    }

    private void produceSlowly() {
        repeat(BETWEEN_REQUESTS, () -> {
            if (slow && !silent) {
                String body = body();
                try (RawConnection connection = new RawConnection(port)) {
                    connection.send(RawConnection.post("Content-Length: " + body.length()));
                    LockSupport.parkNanos(BETWEEN_HALVES.toNanos());
                    connection.send(body).answer();
                }
            }
        });
    }

    private void read() {
        repeat(BETWEEN_QUESTIONS, () -> {
            api.get("/api/v1/logs/?limit=5");
            api.get("/api/v1/stats/");
        });
    }

    private void repeat(Duration pause, Runnable action) {
        while (!stopping) {
            try {
                action.run();
            } catch (UncheckedIOException e) {
                // the service is away for a while
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private String body() {
        String time = Instant.now().plus(ahead).toString();
        int bad = sendsNonsense ? BAD_OF_THESE : 0;
        return IntStream.range(0, PER_REQUEST)
                .mapToObj(n -> n < bad ? "{\"app\":\"drill\"}" : """
                                {"level":"%s","message":"record %d","service":"drill","app":"drill","timestamp":"%s"}""".formatted(n == bad ? "ERROR" : "INFO", n, time))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
