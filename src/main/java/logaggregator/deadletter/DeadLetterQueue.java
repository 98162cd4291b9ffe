package logaggregator.deadletter;

import java.util.Collection;
import java.util.List;
import logaggregator.RefusedException;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Keeps the latest dead letters. All methods throw {@link UnavailableException} when it can't be said what happened. */
public interface DeadLetterQueue {

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
     * Puts a letter's record on the queue of logs and removes the letter, in one step.
     *
     * @return false when the letter isn't here any more; then nothing was put on the queue
     */
    boolean replay(DeadLetter letter);

    /** Puts the record of a letter that is kept elsewhere on the queue of logs. */
    void enqueue(DeadLetter letter);

    /** Returns how many of them were here. */
    long remove(Collection<String> ids);
}
