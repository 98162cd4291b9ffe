package logaggregator.alert.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import logaggregator.UnavailableException;
import logaggregator.alert.SharedKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keys of Redis, over a connection of their own, which is made when it is first needed. After a failure Redis isn't asked for two
 * seconds, so that many alerts don't wait for it one after the other. Thread-safe.
 */
@Component
final class RedisKeys implements SharedKeys {

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    /** A clock may be corrected by so much without any harm. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** Redis keeps keys until a time by its clock. KEYS: the key; ARGV: token, milliseconds, milliseconds that nobody asks for. */
    private static final String TAKE_OVER = """
            if redis.call('PTTL', KEYS[1]) <= tonumber(ARGV[3]) then return 0 end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1""";

    /** KEYS: the key; ARGV: token, milliseconds. */
    private static final String HOLD = """
            local holder = redis.call('GET', KEYS[1])
            if holder and holder ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1""";

    /** KEYS: the key; ARGV: token. */
    private static final String RELEASE = """
            if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
            return 0""";

    /**
     * A hash of who waits or holds: rank, until when by Redis' clock, and 1 for who holds; its field {@code last} is the highest
     * rank that had it. KEYS: the key; ARGV: token, rank, whether it takes the key, and of the {@link Terms} patience, time and
     * memory in milliseconds. Answers as {@link Turn}.
     */
    private static final String ASK = """
            local rank, memory = tonumber(ARGV[2]), tonumber(ARGV[6])
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local last = redis.call('HGET', KEYS[1], 'last')
            last = last and tonumber(last)
            redis.call('HDEL', KEYS[1], 'last')
            local places = redis.call('HGETALL', KEYS[1])
            local holds, held, earlier, later = false, false, false, false
            for i = 1, #places, 2 do
                local other, deadline, holder = places[i + 1]:match('(%S+) (%S+) (%S+)')
                local left = tonumber(deadline) - now
                if left <= 0 or left > tonumber(ARGV[5]) then
                    redis.call('HDEL', KEYS[1], places[i])
                elseif places[i] == ARGV[1] then
                    holds = holder == '1'
                elseif holder == '1' then
                    held = true
                elseif tonumber(other) < rank then
                    earlier = true
                elseif tonumber(other) > rank then
                    later = true
                end
            end
            local late = last and rank < last and last - rank <= memory
            local answer = 'WAITS'
            if not holds and (late or held and later) then
                redis.call('HDEL', KEYS[1], ARGV[1])
                answer = 'LOST'
            else
                if holds or not held and not earlier then answer = 'HAS' end
                if answer == 'HAS' and ARGV[3] == 'true' then holds, last = true, rank end
                local deadline = string.format('%.0f', now + ARGV[holds and 5 or 4])
                redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. deadline .. ' ' .. (holds and 1 or 0))
            end
            if last then redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last)) end
            redis.call('PEXPIRE', KEYS[1], ARGV[6])
            return answer""";

    private final RedisClient client;
    private @Nullable StatefulRedisConnection<String, String> connection;
    private @Nullable RedisException failure;
    private long failedAt;

    RedisKeys(RedisClient client) {
        this.client = client;
    }

    @Override
    public boolean claim(String key, String token, Duration time, Duration longest) {
        return call(redis -> redis.set(key, token, SetArgs.Builder.nx().px(time)) != null
                || redis.<Long>eval(
                                TAKE_OVER,
                                ScriptOutputType.INTEGER,
                                new String[] {key},
                                token,
                                Long.toString(time.toMillis()),
                                Long.toString(longest.plus(MARGIN).toMillis()))
                        == 1);
    }

    @Override
    public boolean hold(String key, String token, Duration time) {
        return call(redis -> redis.<Long>eval(
                        HOLD,
                        ScriptOutputType.INTEGER,
                        new String[] {key},
                        token,
                        Long.toString(Math.max(1, time.toMillis())))
                == 1);
    }

    @Override
    public void release(String key, String token) {
        call(redis -> redis.<Long>eval(RELEASE, ScriptOutputType.INTEGER, new String[] {key}, token));
    }

    @Override
    public Turn ask(String key, String token, long rank, boolean takes, Terms terms) {
        return Turn.valueOf(call(redis -> redis.<String>eval(
                ASK,
                ScriptOutputType.VALUE,
                new String[] {key},
                token,
                Long.toString(rank),
                Boolean.toString(takes),
                Long.toString(terms.patience().toMillis()),
                Long.toString(terms.time().toMillis()),
                Long.toString(terms.memory().toMillis()))));
    }

    @Override
    public void passOn(String key, String token) {
        call(redis -> redis.hdel(key, token));
    }

    private <T> T call(Function<RedisCommands<String, String>, T> command) {
        StatefulRedisConnection<String, String> used = connection();
        try {
            return command.apply(used.sync());
        } catch (RedisException e) {
            throw failed(used, e);
        }
    }

    private synchronized StatefulRedisConnection<String, String> connection() {
        if (connection != null && connection.isOpen()) {
            return connection;
        }
        if (failure != null && System.nanoTime() - failedAt < PAUSE_AFTER_FAILURE.toNanos()) {
            throw new UnavailableException("Redis: not asked again so soon", failure);
        }
        try {
            connection = client.connect();
            failure = null;
            return connection;
        } catch (RedisException e) {
            throw failed(null, e);
        }
    }

    private synchronized UnavailableException failed(
            @Nullable StatefulRedisConnection<String, String> used, RedisException e) {
        if (used != null) {
            CompletableFuture<Void> closing = used.closeAsync();
            closing.exceptionally(problem -> null); // it was of no use any more
        }
        if (used == connection) {
            connection = null;
        }
        failure = e;
        failedAt = System.nanoTime();
        return new UnavailableException("Redis: " + e.getMessage(), e);
    }
}
