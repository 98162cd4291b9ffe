package logaggregator.support;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;

/** Sends numbered records in requests of 100 from several threads until it is stopped, and keeps the answers. */
public final class Sender implements AutoCloseable {

    private static final int RECORDS_PER_REQUEST = 100;
    private static final int THREADS = 3;

    /** Leaves a service that is being started the processors. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Api api;
    private final String app;
    private final boolean repeat;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;
    private volatile boolean stopping;

    /** @param repeat send a request again, under the same key, until it is answered with 200 */
    public Sender(Api api, String app, boolean repeat) {
        this.api = api;
        this.app = app;
        this.repeat = repeat;
        this.threads =
                Stream.generate(() -> new Thread(this::send)).limit(THREADS).toList();
        threads.forEach(Thread::start);
    }

    private void send() {
        while (!stopping) {
            int from = next.getAndAdd(RECORDS_PER_REQUEST);
            String body = Records.ndjson(app, from, from + RECORDS_PER_REQUEST);
            while (!answered(body, app + from) && repeat) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private boolean answered(String body, String key) {
        try {
            Answer answer = repeat ? api.ingest(body, "Idempotency-Key", key) : api.ingest(body);
            answers.add(answer);
            return answer.status() == 200;
        } catch (UncheckedIOException e) {
            return false; // no answer: it may have been accepted or not
        }
    }

    public List<Answer> answers() {
        return answers;
    }

    public String lastBackend() {
        return answers.isEmpty()
                ? ""
                : answers.get(answers.size() - 1).body().path("backend").asText();
    }

    /** Number of records sent so far. */
    public int records() {
        return next.get();
    }

    /** Ends with the requests that are under way. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
