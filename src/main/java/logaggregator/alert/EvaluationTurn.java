package logaggregator.alert;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import logaggregator.UnavailableException;
import logaggregator.ops.FaultSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * One process at a time evaluates the rules, and none again before most of the interval is over; without shared keys each does so
 * for itself. Thread-safe.
 */
@Component("evaluationTurn")
public final class EvaluationTurn implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(EvaluationTurn.class);

    /** One that has ended without a word keeps the others from it for so long at most; an evaluation takes less. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final SharedKeys shared;
    private final String key;
    private final Duration interval;
    private final Duration memory;
    private final String token = UUID.randomUUID().toString();
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile long lastTick = System.nanoTime();
    private volatile @Nullable Failure failure;

    private record Failure(String text, long at) {}

    EvaluationTurn(SharedKeys shared, AlertSettings settings) {
        this.shared = shared;
        this.key = settings.keyPrefix() + "evaluating";
        this.interval = Duration.ofSeconds(settings.checkInterval());
        this.memory = settings.memory();
    }

    /** Whether it is this process's turn; then {@link #pass} must follow. */
    public boolean take() {
        lastTick = System.nanoTime();
        if (!running.compareAndSet(false, true)) {
            return false;
        }
        boolean taken = false;
        try {
            taken = shared.claim(key, token, LONGEST.compareTo(interval) > 0 ? LONGEST : interval);
        } catch (UnavailableException e) {
            taken = true;
        } finally {
            running.set(taken);
        }
        return taken;
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
                System.nanoTime());
        end();
    }

    /** What is only away is no fault of this program. */
    private static @Nullable Exception stackTraceOf(Exception cause) {
        return cause instanceof UnavailableException ? null : cause;
    }

    @Override
    public String part() {
        return "alerts";
    }

    @Override
    public @Nullable String fault() {
        Failure last = failure;
        return last == null || System.nanoTime() - last.at() > memory.toNanos() ? null : last.text();
    }

    private void end() {
        Duration rest = interval.multipliedBy(4).dividedBy(5).minusNanos(System.nanoTime() - lastTick);
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
        return System.nanoTime() - lastTick > interval.toNanos() * 3 / 2;
    }
}
