package logaggregator.alert;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * One process at a time evaluates the rules, and none again before most of the interval is over; without shared keys each does so
 * for itself. Thread-safe.
 */
@Component("evaluationTurn")
public final class EvaluationTurn {

    private static final Logger log = LoggerFactory.getLogger(EvaluationTurn.class);

    /** Searches take an interval at most, all the rest mostly less than this. */
    private static final Duration WITHOUT_SEARCHES = Duration.ofSeconds(15);

    private final SharedKeys shared;
    private final AlertBook book;
    private final String key;
    private final Duration interval;

    /** Who has ended, or was held up, in the middle of a turn keeps the others from it for so long. */
    private final Duration longest;

    private final Duration memory;
    private final String token = UUID.randomUUID().toString();
    private final AtomicBoolean running = new AtomicBoolean();
    private final LongSupplier nanoTime;
    private volatile long lastTick;
    private volatile long takenAt;
    private volatile @Nullable Failure failure;

    private record Failure(String text, long at) {}

    @Autowired
    EvaluationTurn(SharedKeys shared, AlertBook book, AlertSettings settings) {
        this(shared, book, settings, System::nanoTime);
    }

    EvaluationTurn(SharedKeys shared, AlertBook book, AlertSettings settings, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastTick = nanoTime.getAsLong();
        this.takenAt = lastTick;
        this.shared = shared;
        this.book = book;
        this.key = settings.keyPrefix() + "evaluating";
        this.interval = Duration.ofSeconds(settings.checkInterval());
        this.longest = interval.plus(WITHOUT_SEARCHES);
        this.memory = settings.memory();
    }

    /** Whether it is this process's turn; then {@link #pass} must follow. */
    public boolean take() {
        long now = nanoTime.getAsLong();
        lastTick = now;
        if (!running.compareAndSet(false, true)) {
            return false;
        }
        boolean taken = false;
        try {
            takenAt = now;
            taken = shared.claim(key, token, longest, longest);
        } catch (UnavailableException e) {
            taken = true;
        } finally {
            running.set(taken);
        }
        return taken;
    }

    /**
     * Whether no other process has evaluated meanwhile: what this one has found is as it is. Not when that can't be told; then it
     * is found again.
     */
    public boolean lasts(AlertEvent event) {
        try {
            return nanoTime.getAsLong() - takenAt < longest.toNanos()
                    || book.lastEvaluation().equals(event.at());
        } catch (UnavailableException e) {
            return false;
        }
    }

    /** Ends the turn, in which all went well; the next one comes when the interval is nearly over. */
    public void pass() {
        if (failure != null) {
            log.info("alert rules are evaluated again");
        }
        failure = null;
        end();
    }

    /** Ends the turn, in which the rules were not evaluated. */
    public void fail(Exception cause) {
        if (failure == null) {
            log.warn("alert rules can't be evaluated: {}", cause.getMessage(), stackTraceOf(cause));
        }
        boolean away = cause instanceof UnavailableException;
        failure = new Failure(
                "the rules can't be evaluated" + (away ? ": the database doesn't answer" : ", the log says why"),
                nanoTime.getAsLong());
        end();
    }

    /** What is only away is no fault of this program. */
    private static @Nullable Exception stackTraceOf(Exception cause) {
        return cause instanceof UnavailableException ? null : cause;
    }

    /** Why this process could not evaluate the rules when it was its turn; null when it could. */
    @Nullable
    String fault() {
        Failure last = failure;
        return last == null || nanoTime.getAsLong() - last.at() > memory.toNanos() ? null : last.text();
    }

    private void end() {
        Duration rest = interval.multipliedBy(4).dividedBy(5).minusNanos(nanoTime.getAsLong() - takenAt);
        try {
            if (rest.toMillis() > 0) {
                shared.hold(key, token, rest);
            } else {
                shared.release(key, token);
            }
        } catch (UnavailableException e) {
            // it runs out by itself
        } finally {
            running.set(false);
        }
    }

    /** Whether the last tick came longer ago than it should have. */
    public boolean isOverdue() {
        return nanoTime.getAsLong() - lastTick > interval.toNanos() * 3 / 2;
    }
}
