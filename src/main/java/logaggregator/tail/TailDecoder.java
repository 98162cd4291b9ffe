package logaggregator.tail;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import logaggregator.Chunk;
import logaggregator.EntryId;
import logaggregator.LogEntry;
import logaggregator.UnavailableException;
import logaggregator.app.AppLookup;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.Delivery;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes records of queue entries; those that can't be stored are left out. Thread-safe. */
@Component
class TailDecoder {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ChunkCodec codec;
    private final AppLookup apps;

    TailDecoder(ChunkCodec codec, AppLookup apps) {
        this.codec = codec;
        this.apps = apps;
    }

    List<TailRecord> decode(List<Delivery> deliveries) {
        List<Chunk> chunks = chunks(deliveries);
        Map<Integer, String> names = names(chunks);
        return chunks.stream().flatMap(chunk -> records(chunk, names).stream()).toList();
    }

    List<Chunk> chunks(List<Delivery> deliveries) {
        return codec.decode(deliveries).chunks();
    }

    /** The names of applications that are named by id, as far as they are known; may ask the database. */
    Map<Integer, String> names(Collection<Chunk> chunks) {
        Set<Integer> ids = chunks.stream()
                .flatMap(chunk -> chunk.entries().stream())
                .filter(entry -> entry.app() == null)
                .map(LogEntry::appId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        try {
            return ids.isEmpty() ? Map.of() : apps.find(ids);
        } catch (UnavailableException e) {
            return Map.of();
        }
    }

    /** @param names of applications, by id */
    List<TailRecord> records(Chunk chunk, Map<Integer, String> names) {
        EntryId entry = EntryId.parse(chunk.carrier().id());
        return chunk.entries().stream()
                .map(log -> new TailRecord(new TailPosition(entry, log.index()), toLog(log, chunk, names), weight(log)))
                .toList();
    }

    private static LiveLog toLog(LogEntry entry, Chunk chunk, Map<Integer, String> names) {
        String app = entry.app() == null && entry.appId() != null ? names.get(entry.appId()) : entry.app();
        return new LiveLog(
                entry.level(),
                entry.message(),
                entry.timestamp(),
                tree(entry.metadata()),
                entry.service(),
                entry.appId(),
                app,
                chunk.receivedAt());
    }

    private static int weight(LogEntry entry) {
        byte[] metadata = entry.metadata();
        return entry.message().length() + (metadata == null ? 0 : metadata.length);
    }

    private static @Nullable JsonNode tree(byte @Nullable [] metadata) {
        try {
            return metadata == null ? null : JSON.readTree(metadata);
        } catch (IOException e) {
            throw new UncheckedIOException("what was decoded is always JSON", e);
        }
    }
}
