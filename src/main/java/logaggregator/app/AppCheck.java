package logaggregator.app;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.UnavailableException;
import logaggregator.ingest.InvalidBodyException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells a client at once that an application it names by id doesn't exist, or has another name. While the database can't
 * be asked nothing is refused: whoever stores the records asks again. Thread-safe.
 */
@Component
public class AppCheck {

    private final AppLookup apps;

    public AppCheck(AppLookup apps) {
        this.apps = apps;
    }

    /**
     * Takes the records out that name no application. Of a request that has a key, and good records, they are accepted all
     * the same and will be dead letters: the request must be the same each time it is sent, and whether an application
     * exists can't be told each time.
     *
     * @param strict as for the decoder
     * @param key the producer's name for the request, or null
     * @throws InvalidBodyException when no record is left, or when one is at fault and {@code strict} demands all
     */
    public Batch check(Batch batch, @Nullable String strict, @Nullable String key) {
        Set<Integer> ids = batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream())
                .filter(entry -> entry.appId() != null)
                .map(LogEntry::appId)
                .collect(Collectors.toSet());
        if (ids.isEmpty()) {
            return batch;
        }
        try {
            Map<Integer, String> names = apps.find(ids);
            Batch checked = check(batch, names, strict != null && !strict.equals("false"));
            return key == null || key.isBlank() ? checked : withDeadLetters(batch, names);
        } catch (UnavailableException e) {
            return batch;
        }
    }

    private static Batch withDeadLetters(Batch batch, Map<Integer, String> names) {
        List<Rejection> all = new ArrayList<>(batch.rejections());
        for (Chunk chunk : batch.chunks()) {
            for (LogEntry entry : chunk.entries()) {
                Rejection rejection = problem(entry, names);
                if (rejection != null) {
                    all.add(rejection.in(chunk));
                }
            }
        }
        return Batch.of(batch.chunks(), all);
    }

    private static Batch check(Batch batch, Map<Integer, String> names, boolean strict) {
        List<Rejection> refused = new ArrayList<>();
        List<Chunk> chunks = batch.chunks().stream()
                .map(chunk -> check(chunk, names, refused))
                .filter(chunk -> !chunk.entries().isEmpty())
                .toList();
        if (refused.isEmpty()) {
            return batch;
        }
        List<Rejection> all = Stream.concat(batch.rejections().stream(), refused.stream())
                .sorted(Comparator.comparingInt(Rejection::index))
                .toList();
        if (chunks.isEmpty()) {
            throw new InvalidBodyException(400, "no_valid_record", "no record is valid", all);
        }
        if (strict) {
            throw new InvalidBodyException(
                    400, "invalid_record", "strict: one record is invalid, none was accepted", all);
        }
        return Batch.of(chunks, all);
    }

    private static Chunk check(Chunk chunk, Map<Integer, String> names, List<Rejection> refused) {
        int before = refused.size();
        List<LogEntry> good = new ArrayList<>();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int end = 0;
        for (LogEntry entry : chunk.entries()) {
            int start = end;
            end = endOfLine(chunk.data(), start);
            Rejection rejection = problem(entry, names);
            if (rejection == null) {
                good.add(entry);
                data.write(chunk.data(), start, end - start);
            } else {
                refused.add(rejection);
            }
        }
        return refused.size() == before
                ? chunk
                : new Chunk(chunk.id(), chunk.origin(), chunk.receivedAt(), good, data.toByteArray());
    }

    private static @Nullable Rejection problem(LogEntry entry, Map<Integer, String> names) {
        if (entry.appId() == null) {
            return null;
        }
        String name = names.get(entry.appId());
        if (name == null) {
            String error = "there is no app with app_id " + entry.appId();
            return new Rejection(null, entry.index(), "unknown_app", "app_id", error);
        }
        if (entry.app() != null && !entry.app().equals(name)) {
            String error = "app_id " + entry.appId() + " belongs to another app than the one named";
            return new Rejection(null, entry.index(), "app_mismatch", "app_id", error);
        }
        return null;
    }

    private static int endOfLine(byte[] data, int start) {
        int i = start;
        while (data[i] != '\n') {
            i++;
        }
        return i + 1;
    }
}
