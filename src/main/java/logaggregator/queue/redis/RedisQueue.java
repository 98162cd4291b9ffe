package logaggregator.queue.redis;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logaggregator.Durability;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.queue.LogQueue;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.Unacknowledged;
import logaggregator.queue.redis.ServerSettings.Finding;

/** The queue in Redis, apart from what the Camel component does. Thread-safe. */
final class RedisQueue implements LogQueue {

    private final RedisStreams streams;
    private final StreamAges ages;
    private final QueueLedger ledger;
    private final RedisServer server;
    private final SettingsWatch settings;
    private final String stream;
    private final String group;
    private final boolean requireDurable;
    private final String location;

    /** @param requireDurable whether records may only be accepted by a server that writes them to disk first */
    RedisQueue(
            RedisStreams streams,
            QueueLedger ledger,
            RedisServer server,
            String stream,
            String group,
            boolean requireDurable,
            String location) {
        this.streams = streams;
        this.ages = new StreamAges(streams);
        this.ledger = ledger;
        this.server = server;
        this.settings = new SettingsWatch(server, requireDurable);
        this.stream = stream;
        this.group = group;
        this.requireDurable = requireDurable;
        this.location = location;
    }

    @Override
    public Durability durability() {
        try {
            return settings.current().durability();
        } catch (UnavailableException e) {
            return Durability.UNKNOWN;
        }
    }

    @Override
    public void requireSafe() {
        if (requireDurable && settings.current().durability() != Durability.FSYNC) {
            throw new UnavailableException(
                    "Redis: not durable enough", new RedisException("INGEST_REQUIRE_DURABLE asks for fsync"));
        }
    }

    @Override
    public List<String> risks() {
        try {
            settings.current();
        } catch (UnavailableException e) {
            // what was known before is still the best that is known
        }
        return settings.lastFindings().stream()
                .filter(Finding::severe)
                .map(Finding::text)
                .toList();
    }

    @Override
    public QueueLoad load() {
        return server.load(stream, stream + ":ledger");
    }

    @Override
    public void trim() {
        streams.trim(stream);
    }

    @Override
    public Map<UUID, String> queued(Collection<UUID> chunks) {
        return ledger.queued(chunks);
    }

    @Override
    public Instant oldestArrival() {
        return ages.oldest(stream)
                .map(id -> Instant.ofEpochMilli(EntryId.parse(id).millis()))
                .orElseGet(Instant::now);
    }

    @Override
    public Duration delay() {
        return ages.delay(stream, group);
    }

    @Override
    public Unacknowledged unacknowledged() {
        return ages.unacknowledged(stream, group);
    }

    @Override
    public void ping() {
        server.probe(stream + ":probe");
    }

    @Override
    public String location() {
        return location;
    }
}
