package logaggregator.app;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * be asked nothing is refused of whoever may write to all: whoever stores the records asks again. Thread-safe.
 */
@Component
public class AppCheck {

    /** The same for applications of others and for those that don't exist: the producer isn't told which there are. */
    private static final Rejection FORBIDDEN =
            new Rejection(null, 0, "app_forbidden", "app", "the key may not write to this app");

    private final AppLookup apps;

    public AppCheck(AppLookup apps) {
        this.apps = apps;
    }

    /**
     * Takes the records out that name no application. Under a key they stay, and will be dead letters, unless no record is
     * good: as all that the decoder refuses.
     *
     * @param strict as for the decoder
     * @param key the producer's name for the request, or null
     * @throws InvalidBodyException when no record is left, or when one is at fault and {@code strict} demands all
     */
    public Batch check(Batch batch, @Nullable String strict, @Nullable String key) {
        Set<Integer> ids = ids(batch);
        if (ids.isEmpty()) {
            return batch;
        }
        try {
            return check(batch, apps.find(ids), strict, key);
        } catch (UnavailableException e) {
            return batch;
        }
    }

    /**
     * As {@link #check(Batch, String, String)}, for a producer that may not ask as often as it likes.
     *
     * @throws UnavailableException when applications are named that can't be looked up now, and the producer may not write
     *     to all
     */
    public Batch check(Batch batch, AppRights rights, @Nullable String strict, @Nullable String key) {
        Set<Integer> ids = ids(batch);
        if (ids.isEmpty()) {
            return batch;
        }
        try {
            return check(batch, find(ids, rights), strict, key);
        } catch (UnavailableException e) {
            if (rights.mayWriteToAll()) {
                return batch;
            }
            throw e;
        }
    }

    private static Batch check(Batch batch, Map<Integer, String> names, @Nullable String strict, @Nullable String key) {
        List<Rejection> refused =
                batch.chunks().stream().flatMap(chunk -> problems(chunk, names)).toList();
        return refused.isEmpty() ? batch : refuse(batch, refused, strict, key);
    }

    private Map<Integer, String> find(Set<Integer> ids, AppRights rights) {
        if (rights.mayAsk()) {
            Map<Integer, String> found = apps.find(ids);
            rights.missed(ids.size() - found.size());
            return found;
        }
        Map<Integer, String> known = apps.findKnown(ids);
        if (known.size() < ids.size()) {
            throw new InvalidBodyException(
                    429,
                    "app_limit",
                    "within a minute more than " + AppRights.MAX_MISSED
                            + " apps were named that don't exist: no others are"
                            + " looked up until it is over; nothing was accepted");
        }
        return known;
    }

    /**
     * Takes the records out that their producer may not send. Under a key the request is refused as a whole: its chunks must
     * stay the same, and nothing forbidden may be in them.
     *
     * @param rights what the producer may do
     * @param strict as for the decoder
     * @param key the producer's name for the request, or null
     * @throws InvalidBodyException when no record is left, when {@code strict} demands all, or under a key
     * @throws UnavailableException when applications are named by ids that can't be looked up now, and the producer may not
     *     write to all
     */
    public Batch permit(Batch batch, AppRights rights, @Nullable String strict, @Nullable String key) {
        Set<Integer> ids = ids(batch);
        boolean looksAtIds = !ids.isEmpty() && !rights.mayWriteToAll();
        Map<Integer, String> names = looksAtIds ? find(ids, rights) : Map.of();
        Map<String, Rejection> problems = problems(names(batch, names), rights);
        List<Rejection> refused = batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream()
                        .map(entry -> problem(entry, problems, looksAtIds ? names : null))
                        .filter(Objects::nonNull)
                        .map(rejection -> rejection.in(chunk)))
                .toList();
        if (refused.isEmpty()) {
            return batch;
        }
        boolean isKeyed = key != null && !key.isBlank();
        if (isKeyed || refused.size() == entries(batch)) {
            Rejection first = refused.get(0);
            int status = first.reason().equals(FORBIDDEN.reason()) ? 403 : 429;
            throw new InvalidBodyException(status, first.reason(), first.error(), all(batch, refused));
        }
        return refuse(batch, refused, strict, null);
    }

    private static Set<String> names(Batch batch, Map<Integer, String> names) {
        Set<String> found = new HashSet<>(names.values());
        batch.chunks().forEach(chunk -> chunk.entries().stream()
                .map(LogEntry::app)
                .filter(Objects::nonNull)
                .forEach(found::add));
        return found;
    }

    /** By the name of the application. */
    private Map<String, Rejection> problems(Set<String> names, AppRights rights) {
        Map<String, Rejection> problems = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        for (String name : names) {
            if (rights.mayWriteTo(name)) {
                unknown.add(name);
            } else {
                problems.put(name, FORBIDDEN);
            }
        }
        unknown.removeAll(rights.mayAsk() ? apps.existing(unknown) : apps.existingKnown(unknown));
        unknown.removeIf(rights::mayCreate);
        rights.missed(unknown.size());
        String error = "this app isn't known, and no more may be made within an hour (MAX_NEW_APPS)";
        unknown.forEach(name -> problems.put(name, new Rejection(null, 0, "app_limit", "app", error)));
        return problems;
    }

    /** @param names of the applications that exist, by id; null when every id will do */
    private static @Nullable Rejection problem(
            LogEntry entry, Map<String, Rejection> problems, @Nullable Map<Integer, String> names) {
        Rejection problem = entry.app() == null ? null : problems.get(entry.app());
        if (problem == null && names != null && entry.appId() != null) {
            String name = names.get(entry.appId());
            problem = name == null ? FORBIDDEN : problems.get(name);
        }
        return problem == null
                ? null
                : new Rejection(null, entry.index(), problem.reason(), problem.field(), problem.error());
    }

    private static Set<Integer> ids(Batch batch) {
        return batch.chunks().stream()
                .flatMap(chunk -> chunk.entries().stream())
                .filter(entry -> entry.appId() != null)
                .map(LogEntry::appId)
                .collect(Collectors.toSet());
    }

    private static int entries(Batch batch) {
        return batch.chunks().stream().mapToInt(chunk -> chunk.entries().size()).sum();
    }

    private static List<Rejection> all(Batch batch, List<Rejection> refused) {
        return Stream.concat(batch.rejections().stream(), refused.stream())
                .sorted(Comparator.comparingInt(Rejection::index))
                .toList();
    }

    private static Batch refuse(Batch batch, List<Rejection> refused, @Nullable String strict, @Nullable String key) {
        List<Rejection> all = all(batch, refused);
        if (refused.size() == entries(batch)) {
            throw new InvalidBodyException(400, "no_valid_record", "no record is valid", all);
        }
        if (strict != null && !strict.equals("false")) {
            throw new InvalidBodyException(
                    400, "invalid_record", "strict: one record is invalid, none was accepted", all);
        }
        return key == null || key.isBlank() ? without(batch, refused) : Batch.of(batch.chunks(), all);
    }

    private static Stream<Rejection> problems(Chunk chunk, Map<Integer, String> names) {
        return chunk.entries().stream()
                .map(entry -> problem(entry, names))
                .filter(Objects::nonNull)
                .map(rejection -> rejection.in(chunk));
    }

    private static Batch without(Batch batch, List<Rejection> refused) {
        Set<Integer> places = refused.stream().map(Rejection::index).collect(Collectors.toSet());
        List<Chunk> chunks = batch.chunks().stream()
                .map(chunk -> without(chunk, places))
                .filter(chunk -> !chunk.entries().isEmpty())
                .toList();
        return Batch.of(
                chunks,
                all(batch, refused.stream().map(Rejection::toldToTheClient).toList()));
    }

    private static Chunk without(Chunk chunk, Set<Integer> refused) {
        List<LogEntry> good = new ArrayList<>();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int end = 0;
        for (LogEntry entry : chunk.entries()) {
            int start = end;
            end = endOfLine(chunk.data(), start);
            if (!refused.contains(entry.index())) {
                good.add(entry);
                data.write(chunk.data(), start, end - start);
            }
        }
        return good.size() == chunk.entries().size()
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
