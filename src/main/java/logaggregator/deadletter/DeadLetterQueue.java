package logaggregator.deadletter;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import logaggregator.RefusedException;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Keeps the latest dead letters. All methods throw {@link UnavailableException} when it can't be said what happened. */
public interface DeadLetterQueue {

    /** For how long letters that were replayed or discarded are known to be gone. */
    Duration REMEMBERED = Duration.ofDays(7);

    /**
     * Adds letters, except those that were added before.
     *
     * @throws RefusedException when there is no room
     */
    void add(List<DeadLetter> letters);

    /**
     * Newest first.
     *
     * @param before id of the letter where the last page ended, or null
     */
    List<DeadLetter> find(DeadLetterFilter filter, @Nullable String before, int limit);

    /** Returns null when it isn't here. */
    @Nullable
    DeadLetter get(String id);

    /** The oldest ones of those that are too many to be kept here, at most {@code limit}. */
    List<DeadLetter> surplus(int limit);

    /**
     * Puts a letter's record on the queue of logs and removes the letter, in one step. It is gone from then on, wherever
     * it is kept.
     *
     * @return false when it is gone already, or isn't here; then nothing was put on the queue
     */
    boolean replay(DeadLetter letter);

    /** As {@link #replay}, for a letter that is kept elsewhere. */
    boolean replayFromElsewhere(DeadLetter letter);

    /** Removes a letter. It is gone from then on, wherever it is kept. @return false when it is gone already */
    boolean discard(DeadLetter letter);

    /** Removes letters that are kept elsewhere now. */
    void release(Collection<String> ids);

    /** The {@linkplain DeadLetter#key keys} of letters that were replayed or discarded since so long ago. */
    Set<String> gone(Duration lately);

    /** Those of the letters that were not replayed or discarded. */
    List<DeadLetter> withoutGone(List<DeadLetter> letters);

    /** How many letters are here. */
    long length();

    /** Whether what is put here is as safe as in the database, and leaves room for logs. */
    boolean isSafe();
}
