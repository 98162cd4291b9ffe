package logaggregator.queue.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.Durability;
import logaggregator.UnavailableException;
import logaggregator.queue.EntryId;
import logaggregator.queue.LogQueue;

/** The queue in Redis, apart from what the Camel component does. Thread-safe. */
final class RedisQueue implements LogQueue {

    private static final Duration SETTINGS_AGE = Duration.ofSeconds(30);

    private final RedisStreams streams;
    private final String stream;
    private final String location;
    private volatile Durability durability = Durability.UNKNOWN;
    private final AtomicLong settingsDue = new AtomicLong(System.nanoTime());

    RedisQueue(RedisStreams streams, String stream, String location) {
        this.streams = streams;
        this.stream = stream;
        this.location = location;
    }

    @Override
    public Durability durability() {
        long due = settingsDue.get();
        boolean mine = System.nanoTime() - due >= 0
                && settingsDue.compareAndSet(due, System.nanoTime() + SETTINGS_AGE.toNanos());
        if (mine) {
            durability = readDurability();
        }
        return durability;
    }

    @Override
    public void trim() {
        streams.trim(stream);
    }

    @Override
    public Instant oldestArrival() {
        return streams.oldest(stream)
                .map(id -> Instant.ofEpochMilli(EntryId.parse(id).millis()))
                .orElseGet(Instant::now);
    }

    @Override
    public void ping() {
        streams.ping();
    }

    @Override
    public String location() {
        return location;
    }

    private Durability readDurability() {
        try {
            // an evicting policy may delete the whole stream at any time
            if (!streams.setting("appendonly").equals("yes")
                    || streams.setting("maxmemory-policy").startsWith("allkeys")) {
                return Durability.MEMORY;
            }
            return switch (streams.setting("appendfsync")) {
                case "always" -> Durability.FSYNC;
                case "everysec" -> Durability.EVERYSEC;
                default -> Durability.MEMORY;
            };
        } catch (UnavailableException notAllowed) {
            return Durability.UNKNOWN;
        }
    }
}
