package logaggregator.alert;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * What all processes know of alerts. All methods throw {@link UnavailableException} when it can't be asked; times are by its own
 * clock.
 */
public interface AlertBook {

    /** By its own clock. */
    Instant now();

    List<AlertState> states();

    /** When rules were evaluated last, by whichever process. */
    Instant lastEvaluation();

    /**
     * Notes what evaluation has found; whether anybody was told is left as it is.
     *
     * @param states those that have changed
     * @return false, and nothing is noted, when the rules were evaluated by another process since {@link Measured#before}
     */
    boolean save(Collection<AlertState> states, Measured measured);

    /** Notes that nobody is to be told of the end. */
    void close(AlertState state);

    /** Notes that a channel took what it was told; nothing when that was noted already of something that was evaluated later. */
    void note(AlertEvent event);

    /**
     * Keeps in the history what became of a notice at all channels.
     *
     * @param at when it was evaluated
     */
    void record(AlertNotice notice, Instant at, List<ChannelResult> results);

    /** The newest first. */
    List<PastAlert> history(int limit);

    /** Those that hold now, the newest first. */
    List<Silence> silences();

    Silence addSilence(@Nullable String rule, @Nullable String group, Instant until, String comment);

    /** Returns the one that was removed; null when there was none. */
    @Nullable
    Silence removeSilence(long id);

    /** Forgets what is older than the history is to be kept. */
    void prune();
}
