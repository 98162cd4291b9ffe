package logaggregator.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Rejection;
import org.springframework.stereotype.Component;

/**
 * Gives a batch that goes straight into the store the form in which it would come from the queue, so that it has the same
 * fate: what can't be stored becomes the same dead letter. Thread-safe.
 */
@Component("directAppend")
public class DirectAppend {

    /** The accepted records, numbered by their place in the chunk. */
    public Batch toStore(Batch accepted) {
        return Batch.of(accepted.chunks().stream().map(DirectAppend::numbered).toList(), List.of());
    }

    private static Chunk numbered(Chunk chunk) {
        Chunk numbered = chunk.withEntries(IntStream.range(0, chunk.entries().size())
                .mapToObj(line -> chunk.entries().get(line).at(line))
                .toList());
        return numbered.from(Chunk.Origin.door(numbered));
    }

    /** The accepted records, now safe; those that became dead letters are among the rejections, and name their chunk. */
    public Batch toAnswer(Batch stored, Batch accepted) {
        Map<UUID, Chunk> chunks = new HashMap<>();
        accepted.chunks().forEach(chunk -> chunks.put(chunk.id(), chunk));
        Stream<Rejection> refused = accepted.rejections().stream().filter(rejection -> rejection.chunk() == null);
        Stream<Rejection> deadLettered =
                stored.rejections().stream().map(rejection -> byRequest(rejection, chunks::get));
        return new Batch(
                accepted.chunks(),
                Stream.concat(refused, deadLettered).toList(),
                stored.durability(),
                stored.duplicates());
    }

    private static Rejection byRequest(Rejection rejection, Function<UUID, Chunk> chunks) {
        Chunk chunk = chunks.apply(rejection.carrier().id());
        return rejection.at(chunk, chunk.entries().get(rejection.index()).index());
    }
}
