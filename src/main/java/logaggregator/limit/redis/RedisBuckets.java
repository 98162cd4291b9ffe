package logaggregator.limit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce.LettuceBasedProxyManagerBuilder;
import io.github.bucket4j.redis.lettuce.RedisApi;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.function.Supplier;
import logaggregator.limit.SharedBuckets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Buckets in Redis, over a connection of their own, which is made when it is needed. Thread-safe. */
@Component
final class RedisBuckets implements SharedBuckets {

    /** Then each process counts for itself for a while. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** What was taken is told to others after this time at the latest. */
    private static final Duration UNSYNCHRONIZED = Duration.ofSeconds(1);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final RedisClient client;
    private final String prefix;
    private final ProxyManager<byte[]> buckets;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;
    private @Nullable RedisException failure;
    private long failedAt;

    RedisBuckets(@Lazy RedisClient client, @Value("${ingest.stream}") String stream) {
        this.client = client;
        this.prefix = stream + ":quota:";
        this.buckets = new LettuceBasedProxyManagerBuilder<>(new CurrentConnection<>(this::redis))
                .requestTimeout(TIMEOUT)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .build();
    }

    @Override
    public Bucket bucket(String name, BucketConfiguration configuration, long unsynchronized) {
        return buckets.builder()
                .withOptimization(Optimizations.delaying(new DelayParameters(unsynchronized, UNSYNCHRONIZED)))
                .build((prefix + name).getBytes(UTF_8), () -> configuration);
    }

    /** Whoever waited while another thread tried in vain doesn't try again: their waiting times would add up. */
    private synchronized RedisAsyncCommands<byte[], byte[]> redis() {
        if (connection != null && connection.isOpen()) {
            return connection.async();
        }
        if (failure != null && System.nanoTime() - failedAt < PAUSE_AFTER_FAILURE.toNanos()) {
            throw new RedisConnectionException("not tried again so soon", failure);
        }
        try {
            connection = client.connect(ByteArrayCodec.INSTANCE);
            failure = null;
            return connection.async();
        } catch (RedisException e) {
            failure = e;
            failedAt = System.nanoTime();
            throw e;
        }
    }

    /**
     * Asks over the connection that there is. It must not know what K is: the library makes arrays of keys that are arrays of
     * objects.
     */
    private record CurrentConnection<K>(Supplier<RedisAsyncCommands<K, byte[]>> redis) implements RedisApi<K> {

        @Override
        public <V> RedisFuture<V> eval(String script, ScriptOutputType type, K[] keys, byte[]... values) {
            return redis.get().eval(script, type, keys, values);
        }

        @Override
        public RedisFuture<byte[]> get(K key) {
            return redis.get().get(key);
        }

        @Override
        @SuppressWarnings("unchecked")
        public RedisFuture<?> delete(K key) {
            return redis.get().del(key);
        }
    }
}
