package logaggregator.deadletter;

import java.util.Collection;
import java.util.List;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps dead letters until they are in the queue of dead letters, and those that this has no room for. All methods throw
 * {@link UnavailableException}.
 */
public interface DeadLetterArchive {

    /** Adds letters that wait to be put on the queue; takes part in the transaction of the calling thread. */
    void add(List<DeadLetter> letters);

    /** The oldest ones that wait to be put on the queue. */
    List<DeadLetter> waiting(int limit);

    /** Removes those of the letters that still wait. */
    void removeWaiting(List<DeadLetter> letters);

    /** Takes letters over from the queue; they stay here, also those that were here and waited. */
    void keep(List<DeadLetter> letters);

    /** Removes letters by their {@linkplain DeadLetter#key keys}. */
    void removeAll(Collection<String> keys);

    /**
     * Newest first.
     *
     * @param before id of the letter where the last page ended, or null
     */
    List<DeadLetter> find(DeadLetterFilter filter, @Nullable String before, int limit);

    /** How many letters are here, up to {@code limit}. */
    long count(int limit);

    /** Returns null when it isn't here. */
    @Nullable
    DeadLetter get(String id);
}
