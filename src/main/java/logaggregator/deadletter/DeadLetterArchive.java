package logaggregator.deadletter;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import logaggregator.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Keeps the dead letters that the queue has no room for. All methods throw {@link UnavailableException}. */
public interface DeadLetterArchive {

    /** Adds letters, except those that are here already. */
    void add(List<DeadLetter> letters);

    /** Those of the {@linkplain DeadLetter#key keys} whose letters are here. */
    Set<String> known(Collection<String> keys);

    /**
     * Newest first.
     *
     * @param before id of the letter where the last page ended, or null
     */
    List<DeadLetter> find(DeadLetterFilter filter, @Nullable String before, int limit);

    /** Returns null when it isn't here. */
    @Nullable
    DeadLetter get(String id);

    /** Returns false when it wasn't here. */
    boolean remove(String id);
}
