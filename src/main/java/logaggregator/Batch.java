package logaggregator;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records of one request or of one poll of the queue, on their way to safety; the body of the routes between
 * decoding and answering. Immutable.
 *
 * @param chunks the records that are accepted so far
 * @param rejections the records that are not
 * @param durability how safe the chunks are, all of them; null while at least one is not
 * @param duplicates how many of the records in the chunks are known to have been stored before
 */
public record Batch(
        List<Chunk> chunks,
        List<Rejection> rejections,
        @Nullable Durability durability,
        int duplicates) {

    public Batch {
        chunks = List.copyOf(chunks);
        rejections = List.copyOf(rejections);
    }

    public static Batch of(List<Chunk> chunks, List<Rejection> rejections) {
        return new Batch(chunks, rejections, null, 0);
    }

    public boolean isSafe() {
        return durability != null;
    }

    /** The rejected records that are, or have to become, dead letters. */
    public List<Rejection> deadLettered() {
        return rejections.stream()
                .filter(rejection -> rejection.chunk() != null)
                .toList();
    }

    /** Number of records in all chunks. */
    public int size() {
        return chunks.stream().mapToInt(Chunk::size).sum();
    }

    public boolean isEmpty() {
        return chunks.isEmpty();
    }

    public Batch withDurability(Durability howSafe) {
        return new Batch(chunks, rejections, howSafe, duplicates);
    }

    public Batch withDuplicates(int storedBefore) {
        return new Batch(chunks, rejections, durability, storedBefore);
    }

    /** This batch without the records that {@code more} names; those are added to its rejections. */
    public Batch without(List<Rejection> more) {
        Set<Position> rejected = more.stream()
                .filter(rejection -> rejection.chunk() != null)
                .map(rejection -> new Position(rejection.chunk().id(), rejection.index()))
                .collect(Collectors.toSet());
        List<Chunk> remaining = chunks.stream()
                .map(chunk -> chunk.withEntries(chunk.entries().stream()
                        .filter(entry -> !rejected.contains(new Position(chunk.id(), entry.index())))
                        .toList()))
                .toList();
        return of(remaining, Stream.concat(rejections.stream(), more.stream()).toList());
    }

    private record Position(UUID chunk, int index) {}
}
