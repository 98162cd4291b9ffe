package logaggregator.security;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import logaggregator.ingest.Admission.Refusal;
import logaggregator.ingest.InvalidBodyException;

/**
 * Reads one body as it arrives: no thread waits for it. Then the request is dispatched again, or refused. Thread-safe: the
 * container calls it as bytes arrive, the filter's clock from time to time.
 */
final class BodyReading implements ReadListener {

    /** A body may take longer than its time-out while it arrives this fast, in bytes per millisecond. */
    private static final int MIN_RATE = 16;

    /** But not longer than so many time-outs: it holds memory that others need. */
    private static final int MAX_PERIODS = 8;

    /** How long and how much of a refused body is still read: a client that is cut off while it sends sees no answer. */
    private static final long MAX_DRAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long MAX_DRAIN_BYTES = 2L << 20;

    private enum State {
        READING,
        REFUSED,
        ENDED
    }

    private final HttpServletResponse response;
    private final BodyCollector body;
    private final ProblemWriter problems;
    private final long timeoutNanos;
    private final Consumer<BodyReading> onEnd;
    private final AsyncContext async;
    private final ServletInputStream input;

    private State state = State.READING;
    private long periodBegan = System.nanoTime();
    private int periods;
    private int arrivedBefore;
    private long drained;

    /** @param onEnd called once, when nothing is read any more */
    BodyReading(
            ServletInputStream input,
            HttpServletResponse response,
            BodyCollector body,
            AsyncContext async,
            ProblemWriter problems,
            Duration timeout,
            Consumer<BodyReading> onEnd) {
        this.input = input;
        this.response = response;
        this.body = body;
        this.async = async;
        this.problems = problems;
        this.timeoutNanos = timeout.toNanos();
        this.onEnd = onEnd;
        async.setTimeout(0);
    }

    @Override
    public synchronized void onDataAvailable() throws IOException {
        try {
            while (state == State.READING && input.isReady()) {
                body.readFrom(input);
            }
        } catch (InvalidBodyException e) {
            refuse(Refusal.of(e));
        }
        drain();
    }

    @Override
    public synchronized void onAllDataRead() throws IOException {
        if (state == State.REFUSED) {
            complete();
        } else if (state == State.READING) {
            try {
                body.finish();
                end();
                async.dispatch();
            } catch (InvalidBodyException e) {
                refuse(Refusal.of(e));
                complete();
            }
        }
    }

    /** The client is gone; nobody is left to be told. */
    @Override
    public synchronized void onError(Throwable failure) {
        if (state != State.ENDED) {
            body.release();
            complete();
        }
    }

    /** Ends what takes too long. */
    synchronized void check() throws IOException {
        long now = System.nanoTime();
        if (state == State.REFUSED && now - periodBegan > MAX_DRAIN_NANOS) {
            complete();
        } else if (state == State.READING && now - periodBegan > timeoutNanos) {
            periods++;
            boolean isSlow = body.size() - arrivedBefore
                    < MIN_RATE * Duration.ofNanos(timeoutNanos).toMillis();
            if (isSlow || periods == MAX_PERIODS) {
                refuse(new Refusal(
                        408,
                        "body_timeout",
                        "the body takes longer than "
                                + Duration.ofNanos(timeoutNanos).toMillis()
                                + " ms (BODY_TIMEOUT_MS) and comes slower than 16 KB/s, or takes eight times as long",
                        0));
                complete();
            }
            periodBegan = now;
            arrivedBefore = body.size();
        }
    }

    /** Answers at once. */
    synchronized void refuse(Refusal refusal) throws IOException {
        state = State.REFUSED;
        periodBegan = System.nanoTime();
        body.release();
        response.setHeader("Connection", "close");
        problems.write(response, refusal);
        response.flushBuffer();
    }

    private void drain() throws IOException {
        byte[] scrap = new byte[state == State.REFUSED ? BodyCollector.BLOCK_BYTES : 0];
        while (state == State.REFUSED && input.isReady()) {
            drained += Math.max(0, input.read(scrap));
            if (drained > MAX_DRAIN_BYTES) {
                complete();
            }
        }
    }

    private void complete() {
        end();
        async.complete();
    }

    private void end() {
        state = State.ENDED;
        onEnd.accept(this);
    }
}
