package logaggregator.store.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import logaggregator.Chunk;
import logaggregator.LogEntry;
import logaggregator.Rejection;
import logaggregator.app.AppRegistry;

/** Finds the application of each entry by its name or its id. Used by one thread for one batch. */
final class RowResolver {

    private final Map<String, Integer> ids;
    private final Map<Integer, String> names;
    private final List<LogRow> rows = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();

    RowResolver(AppRegistry apps, List<Chunk> chunks) {
        names = apps.names(distinct(chunks, LogEntry::appId));
        // an entry that has an id uses that application, whose name is then only compared
        ids = apps.ensure(distinct(chunks, entry -> entry.appId() == null ? entry.app() : null));
        for (Chunk chunk : chunks) {
            chunk.entries().forEach(entry -> resolve(chunk, entry));
        }
    }

    List<LogRow> rows() {
        return rows;
    }

    List<Rejection> rejections() {
        return rejections;
    }

    private void resolve(Chunk chunk, LogEntry entry) {
        if (entry.appId() == null) {
            String app = Objects.requireNonNull(entry.app());
            rows.add(new LogRow(Objects.requireNonNull(ids.get(app)), app, entry, chunk));
            return;
        }
        String app = names.get(entry.appId());
        if (app == null) {
            reject(chunk, entry, "unknown_app", "there is no app with app_id " + entry.appId());
        } else if (entry.app() != null && !entry.app().equals(app)) {
            reject(
                    chunk,
                    entry,
                    "app_mismatch",
                    "app_id " + entry.appId() + " belongs to another app than the one named");
        } else {
            rows.add(new LogRow(entry.appId(), app, entry, chunk));
        }
    }

    private void reject(Chunk chunk, LogEntry entry, String reason, String error) {
        rejections.add(new Rejection(chunk, entry.index(), reason, "app_id", error));
    }

    private static <T> Set<T> distinct(List<Chunk> chunks, Function<LogEntry, T> value) {
        return chunks.stream()
                .flatMap(chunk -> chunk.entries().stream())
                .map(value)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
