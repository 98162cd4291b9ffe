package logaggregator.queue.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Connections to Redis that never send a command twice. Lettuce's own reconnect replays what was in flight, which would
 * double entries: it is off, a broken connection is replaced by the next call. Thread-safe.
 */
final class RedisConnections implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(250);

    /** How long what a client has begun may take when it ends. */
    private static final long END_SECONDS = 2;

    private final RedisClient client;
    private @Nullable StatefulRedisConnection<String, byte[]> shared;
    private @Nullable RedisException failure;
    private long failedAt;
    private final AtomicInteger generation = new AtomicInteger();

    RedisConnections(RedisClient client) {
        this.client = client;
    }

    /**
     * A client for all connections to the Redis that is used.
     *
     * @param timeout how long a command may take
     */
    static RedisClient client(RedisURI uri, Duration timeout) {
        uri.setTimeout(timeout);
        uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(timeout));
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled())
                .build());
        return client;
    }

    /**
     * The connection that all threads share; a new one when the last one broke. Not for commands that block. Whoever
     * waited while another thread tried in vain doesn't try again: their waiting times would add up.
     */
    synchronized StatefulRedisConnection<String, byte[]> shared() {
        if (shared != null && shared.isOpen()) {
            return shared;
        }
        if (failure != null && System.nanoTime() - failedAt < PAUSE_AFTER_FAILURE.toNanos()) {
            throw new RedisConnectionException("not tried again so soon", failure);
        }
        try {
            failure = null;
            shared = open();
            return shared;
        } catch (RedisException e) {
            failure = e;
            failedAt = System.nanoTime();
            throw e;
        }
    }

    /** Number of connections made so far: while it stays the same, so does the server. */
    int generation() {
        return generation.get();
    }

    /** A connection of the caller's own, which it closes. */
    StatefulRedisConnection<String, byte[]> open() {
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        generation.incrementAndGet();
        return connection;
    }

    /** Gives up a connection that doesn't answer, so that the next call gets a new one. */
    synchronized void discard(StatefulRedisConnection<String, byte[]> connection) {
        CompletableFuture<Void> closing = connection.closeAsync();
        closing.exceptionally(failure -> null); // it was of no use any more
        if (connection == shared) {
            shared = null;
        }
    }

    /** A client of Lettuce may never say that it has ended (https://github.com/redis/lettuce/issues/2278): not waited for. */
    @Override
    public void close() {
        client.shutdownAsync(0, END_SECONDS, TimeUnit.SECONDS)
                .completeOnTimeout(null, 2 * END_SECONDS, TimeUnit.SECONDS)
                .exceptionally(failure -> null)
                .join();
    }
}
