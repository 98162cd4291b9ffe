package logaggregator.queue.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Rejection;
import logaggregator.deadletter.DeadLetterQueue;
import logaggregator.ingest.json.NdjsonDecoder;
import logaggregator.queue.QueueSettings;

/**
 * Dead letters in a stream of Redis: {@code error}, {@code msg_id} (of the queue entry), {@code data} (the record as
 * sent), {@code line} (its line in the entry, from 1), {@code reason}, {@code failed_at}, {@code attempts} and
 * {@code source} (the queue). A second key remembers for two days what was added, by chunk and line.
 */
final class RedisDeadLetterQueue implements DeadLetterQueue {

    private static final Duration REMEMBERED = Duration.ofDays(2);

    private final RedisStreams streams;
    private final QueueSettings settings;
    private final Clock clock;

    RedisDeadLetterQueue(RedisStreams streams, QueueSettings settings, Clock clock) {
        this.streams = streams;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void add(Batch batch) {
        for (Rejection rejection : batch.rejections()) {
            if (rejection.chunk() != null) {
                add(rejection, rejection.chunk());
            }
        }
        streams.forget(seenKey(), clock.millis() - REMEMBERED.toMillis());
    }

    private void add(Rejection rejection, Chunk chunk) {
        String identity = chunk.id() + ":" + rejection.index();
        streams.addOnce(settings.dlq(), seenKey(), identity, clock.millis(), fields(rejection, chunk));
    }

    private Map<String, byte[]> fields(Rejection rejection, Chunk chunk) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        fields.put("error", rejection.error().getBytes(UTF_8));
        fields.put("data", NdjsonDecoder.record(chunk.data(), rejection.index()));
        fields.put("line", ascii(rejection.index() + 1));
        fields.put("reason", ascii(rejection.reason()));
        fields.put("failed_at", ascii(clock.instant()));
        fields.put("source", settings.stream().getBytes(UTF_8));
        if (chunk.origin() != null) {
            fields.put("msg_id", ascii(chunk.origin().id()));
            fields.put("attempts", ascii(chunk.origin().attempts()));
        }
        return fields;
    }

    private String seenKey() {
        return settings.dlq() + ":seen";
    }

    private static byte[] ascii(Object value) {
        return value.toString().getBytes(UTF_8);
    }
}
