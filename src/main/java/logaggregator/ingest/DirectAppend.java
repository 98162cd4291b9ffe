package logaggregator.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Rejection;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Gives a batch that goes straight into the store the form in which it would come from the queue, so that it has the same
 * fate: what can't be stored becomes the same dead letter. Thread-safe.
 */
@Component("directAppend")
public class DirectAppend {

    /**
     * The accepted records, numbered by their lines in the chunk; those that can't be decoded are rejected.
     *
     * @param producer the account that may ask for the receipts; null when nobody will
     */
    public Batch toStore(Batch accepted, @Nullable String producer) {
        List<Chunk> chunks = new ArrayList<>();
        List<Rejection> rejections = new ArrayList<>();
        for (Chunk chunk : accepted.chunks()) {
            int[] places = chunk.places();
            Chunk numbered = numbered(chunk, places, producer);
            chunks.add(numbered);
            accepted.deadLettered().stream()
                    .filter(rejection -> rejection.carrier().id().equals(chunk.id()))
                    .filter(rejection -> chunk.refused().contains(rejection.index()))
                    .forEach(rejection -> rejections.add(rejection.at(numbered, line(rejection.index(), places))));
        }
        return Batch.of(chunks, rejections);
    }

    private static Chunk numbered(Chunk chunk, int[] places, @Nullable String producer) {
        Chunk numbered = new Chunk(
                chunk.id(),
                null,
                chunk.receivedAt(),
                chunk.entries().stream()
                        .map(entry -> entry.at(line(entry.index(), places)))
                        .toList(),
                chunk.data(),
                chunk.refused().stream().map(place -> line(place, places)).toList());
        return numbered.from(Chunk.Origin.door(numbered, producer));
    }

    private static int line(int place, int[] places) {
        return Arrays.binarySearch(places, place);
    }

    /** The accepted records, now safe; those that became dead letters are among the rejections, and name their chunk. */
    public Batch toAnswer(Batch stored, Batch accepted) {
        Map<UUID, Chunk> chunks = new HashMap<>();
        accepted.chunks().forEach(chunk -> chunks.put(chunk.id(), chunk));
        Stream<Rejection> refused = accepted.rejections().stream().filter(rejection -> rejection.chunk() == null);
        // what came before has the fate it had then, as far as that was found out
        Stream<Rejection> deadLettered = accepted.duplicates() > 0 && stored.duplicates() > 0
                ? accepted.deadLettered().stream()
                : stored.rejections().stream().map(rejection -> byRequest(rejection, chunks::get));
        return new Batch(
                accepted.chunks(),
                Stream.concat(refused, deadLettered).toList(),
                stored.durability(),
                stored.duplicates());
    }

    private static Rejection byRequest(Rejection rejection, Function<UUID, Chunk> chunks) {
        Chunk chunk = chunks.apply(rejection.carrier().id());
        return rejection.at(chunk, chunk.places()[rejection.index()]);
    }
}
