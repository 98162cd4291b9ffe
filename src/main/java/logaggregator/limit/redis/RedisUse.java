package logaggregator.limit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import logaggregator.UnavailableException;
import logaggregator.limit.Quota;
import logaggregator.limit.SharedUse;
import logaggregator.limit.Taken;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Quotas in Redis, over a connection of their own, which is made when it is needed. Thread-safe. */
@Component
final class RedisUse implements SharedUse {

    /** Then each process counts for itself for a while. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /**
     * What {@code LocalUse} does, by the clock of the server, since those of the processes may differ; where that was set back,
     * what was noted ahead of it counts from now on. KEYS: hash of what
     * was used, by part of the window; ARGV: milliseconds of a part, parts of a window, the quota, what was taken before
     * and what is wanted now.
     */
    private static final String TAKE = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local length, parts, quota = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local before, wanted = tonumber(ARGV[4]), tonumber(ARGV[5])
            local current = math.floor(now / length)
            local order, used, sum, ahead = {}, {}, 0, 0
            local fields = redis.call('HGETALL', KEYS[1])
            for i = 1, #fields, 2 do
              local part, amount = tonumber(fields[i]), tonumber(fields[i + 1])
              if part < current - parts or part > current or amount <= 0 then
                redis.call('HDEL', KEYS[1], fields[i])
                if part > current then ahead = ahead + amount end
              else
                order[#order + 1] = part
                used[part] = amount
                sum = sum + amount
              end
            end
            table.sort(order)
            local function add(part, amount)
              redis.call('HINCRBY', KEYS[1], string.format('%.0f', part), string.format('%.0f', amount))
              if not used[part] then
                order[#order + 1] = part
                used[part] = 0
              end
              used[part] = used[part] + amount
              sum = sum + amount
            end
            if ahead > 0 then add(current, ahead) end
            if before > 0 then add(current, before) end
            for i = 1, #order do
              local back = math.min(-before, used[order[i]])
              if back > 0 then
                add(order[i], -back)
                before = before + back
              end
            end
            local allowed = sum + wanted <= quota
            local missing = sum + wanted - quota
            if allowed and wanted > 0 then add(current, wanted) end
            local function untilOver(part)
              return (part + parts + 1) * length - now
            end
            local function untilFree(amount)
              for _, part in ipairs(order) do
                amount = amount - used[part]
                if amount <= 0 then return untilOver(part) end
              end
              return parts * length
            end
            redis.call('PEXPIRE', KEYS[1], (parts + 2) * length)
            return {allowed and 1 or 0, math.max(0, quota - sum),
              allowed and 0 or untilFree(missing),
              sum < quota and 0 or untilFree(sum - quota + 1),
              #order > 0 and untilOver(order[#order]) or 0}""";

    private final RedisClient client;
    private final String prefix;
    private @Nullable StatefulRedisConnection<String, String> connection;
    private @Nullable RedisException failure;
    private long failedAt;

    RedisUse(@Lazy RedisClient client, @Value("${ingest.stream}") String stream) {
        this.client = client;
        this.prefix = stream + ":quota:";
    }

    @Override
    public Taken take(Quota quota, long before, int amount) {
        StatefulRedisConnection<String, String> used = null;
        try {
            used = connection();
            List<Long> answer = used.sync()
                    .eval(
                            TAKE,
                            ScriptOutputType.MULTI,
                            new String[] {prefix + quota.owner()},
                            text(quota.partMillis()),
                            text(Quota.PARTS),
                            text(quota.amount()),
                            text(before),
                            text(amount));
            return new Taken(answer.get(0) == 1, answer.get(1), answer.get(2), answer.get(3), answer.get(4));
        } catch (RedisException e) {
            if (used != null && e instanceof RedisCommandTimeoutException) {
                giveUp(used);
            }
            throw new UnavailableException("Redis can't be asked what is left of a quota", e);
        }
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    /** Whoever waited while another thread tried in vain doesn't try again: their waiting times would add up. */
    private synchronized StatefulRedisConnection<String, String> connection() {
        if (connection != null && connection.isOpen()) {
            return connection;
        }
        if (failure != null && System.nanoTime() - failedAt < PAUSE_AFTER_FAILURE.toNanos()) {
            throw new RedisConnectionException("not tried again so soon", failure);
        }
        try {
            connection = client.connect(new StringCodec(UTF_8));
            connection.setTimeout(TIMEOUT);
            failure = null;
            return connection;
        } catch (RedisException e) {
            failure = e;
            failedAt = System.nanoTime();
            throw e;
        }
    }

    /** A connection over which nothing comes any more may never be closed by the other side. */
    private synchronized void giveUp(StatefulRedisConnection<String, String> silent) {
        if (connection == silent) {
            connection = null;
        }
        CompletableFuture<Void> closing = silent.closeAsync();
        closing.exceptionally(problem -> null); // it was of no use any more
    }
}
