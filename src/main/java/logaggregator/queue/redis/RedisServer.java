package logaggregator.queue.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import logaggregator.UnavailableException;
import logaggregator.queue.QueueLoad;
import org.jspecify.annotations.Nullable;

/** What is asked of the Redis server as a whole. All methods throw {@link UnavailableException}. Thread-safe. */
final class RedisServer {

    private static final Duration PROBE_EXPIRY = Duration.ofSeconds(30);

    /** Entries and records belong together: read in one step. KEYS: stream, ledger. */
    private static final String LOAD = """
            local records = redis.call('HMGET', KEYS[2], 'accepted', 'settled')
            return {redis.call('XLEN', KEYS[1]), records[1], records[2]}""";

    private final RedisCalls calls;

    RedisServer(RedisCalls calls) {
        this.calls = calls;
    }

    /** Changes when the answers may be those of another server, or of one that was started again. */
    int generation() {
        return calls.generation();
    }

    ServerSettings settings() {
        Map<String, String> config = new HashMap<>();
        config.putAll(unlessForbidden(() -> calls.call(redis -> redis.configGet("append*"))));
        config.putAll(unlessForbidden(() -> calls.call(redis -> redis.configGet("maxmemory*"))));
        return ServerSettings.of(info(RedisCommands::info), config);
    }

    /** Writes a little: a server that is full or a replica answers all other questions as if nothing was wrong. */
    void probe(String key) {
        calls.write(redis -> redis.set(key, new byte[] {'1'}, SetArgs.Builder.px(PROBE_EXPIRY)));
    }

    /** How far its clock is ahead of this machine's. */
    Duration clockAhead() {
        Instant now = calls.call(redis -> {
            List<byte[]> time = redis.time();
            return Instant.ofEpochSecond(
                    Long.parseLong(RedisStreams.text(time.get(0))),
                    Duration.of(Long.parseLong(RedisStreams.text(time.get(1))), ChronoUnit.MICROS)
                            .toNanos());
        });
        return Duration.between(Instant.now(), now);
    }

    QueueLoad load(String stream, String ledger) {
        List<Object> counts = calls.call(redis -> redis.eval(LOAD, ScriptOutputType.MULTI, stream, ledger));
        Map<String, String> info = info(redis -> redis.info("memory"));
        double limit = number(info.get("maxmemory"));
        return new QueueLoad(
                number(counts.get(0)),
                number(counts.get(1)),
                number(counts.get(2)),
                limit == 0 ? 0 : number(info.get("used_memory")) / limit);
    }

    /** What INFO answers, without its headings; empty where it is forbidden. */
    private Map<String, String> info(Function<RedisCommands<String, byte[]>, String> command) {
        return unlessForbidden(() -> {
            Map<String, String> values = new HashMap<>();
            calls.call(command).lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    values.put(line.substring(0, colon), line.substring(colon + 1));
                }
            });
            return values;
        });
    }

    private static Map<String, String> unlessForbidden(Supplier<Map<String, String>> question) {
        try {
            return question.get();
        } catch (UnavailableException e) {
            if (e.getCause() instanceof RedisCommandExecutionException refused
                    && !(refused instanceof RedisLoadingException)) {
                return Map.of();
            }
            throw e;
        }
    }

    private static long number(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        return value instanceof byte[] digits
                ? Long.parseLong(new String(digits, StandardCharsets.US_ASCII))
                : Long.parseLong(value.toString());
    }
}
