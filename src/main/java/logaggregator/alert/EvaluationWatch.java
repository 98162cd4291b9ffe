package logaggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import logaggregator.UnavailableException;
import logaggregator.ops.FaultSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Tells when the rules aren't evaluated: by this process when it is its turn, or by any. The latter is watched by all processes,
 * since those that should evaluate may not run at all. Thread-safe.
 */
@Component("evaluationWatch")
public final class EvaluationWatch implements FaultSource {

    private static final Logger log = LoggerFactory.getLogger(EvaluationWatch.class);

    private static final Duration SHORTEST_PATIENCE = Duration.ofMinutes(1);
    private static final int TURNS = 5;

    private final EvaluationTurn turn;
    private final AlertRules rules;
    private final AlertBook book;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private @Nullable Instant lastEvaluation;

    /** Since when there was none, by the clock of this process: that of the database may be set. */
    private long noneSince;

    private long lookedAt;
    private @Nullable String said;

    @Autowired
    EvaluationWatch(EvaluationTurn turn, AlertRules rules, AlertBook book, AlertSettings settings) {
        this(turn, rules, book, settings, System::nanoTime);
    }

    EvaluationWatch(
            EvaluationTurn turn, AlertRules rules, AlertBook book, AlertSettings settings, LongSupplier nanoTime) {
        this.turn = turn;
        this.rules = rules;
        this.book = book;
        this.nanoTime = nanoTime;
        Duration turns = Duration.ofSeconds(settings.checkInterval()).multipliedBy(TURNS);
        this.patience = turns.compareTo(SHORTEST_PATIENCE) > 0 ? turns : SHORTEST_PATIENCE;
        this.noneSince = nanoTime.getAsLong();
        this.lookedAt = noneSince;
    }

    @Override
    public String part() {
        return "alerts";
    }

    @Override
    public @Nullable String fault() {
        String own = turn.fault();
        return own == null ? ofAll() : own;
    }

    private synchronized @Nullable String ofAll() {
        boolean overdue = lookedAt - noneSince > patience.toNanos()
                && !rules.current().rules().isEmpty();
        say(
                overdue && lastEvaluation != null
                        ? "no process has evaluated the rules since " + lastEvaluation.truncatedTo(ChronoUnit.SECONDS)
                                + ": does one with the role alerts run?"
                        : null);
        return said;
    }

    /** To be called every few seconds: asks the book. */
    public void look() {
        Instant last = null;
        try {
            last = book.lastEvaluation();
        } catch (UnavailableException e) {
            // nobody can evaluate while the database is away: that time doesn't count
        }
        note(last);
    }

    private synchronized void note(@Nullable Instant last) {
        long now = nanoTime.getAsLong();
        if (last == null) {
            noneSince += now - lookedAt;
        } else if (!last.equals(lastEvaluation)) {
            lastEvaluation = last;
            noneSince = now;
        }
        lookedAt = now;
    }

    private void say(@Nullable String fault) {
        if (fault != null && said == null) {
            log.warn("{}", fault);
        } else if (fault == null && said != null) {
            log.info("a process evaluates the rules again");
        }
        said = fault;
    }
}
