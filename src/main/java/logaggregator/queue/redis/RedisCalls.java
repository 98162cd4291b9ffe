package logaggregator.queue.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import logaggregator.RefusedException;
import logaggregator.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to Redis. All methods throw {@link UnavailableException} when Redis can't be reached, doesn't answer in
 * time or refuses, then a {@link RefusedException}; a connection that has become useless is given up. Thread-safe.
 */
final class RedisCalls {

    private static final Logger log = LoggerFactory.getLogger(RedisCalls.class);

    private final RedisConnections connections;
    private final int replicas;
    private final Duration patience;
    private final Deque<StatefulRedisConnection<String, byte[]>> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean replicasMissing = new AtomicBoolean();

    /**
     * @param replicas how many must have what {@link #write} writes
     * @param patience how long they may take
     */
    RedisCalls(RedisConnections connections, int replicas, Duration patience) {
        this.connections = connections;
        this.replicas = replicas;
        this.patience = patience;
    }

    <T> T call(Function<RedisCommands<String, byte[]>, T> command) {
        StatefulRedisConnection<String, byte[]> connection;
        try {
            connection = connections.shared();
        } catch (RedisException e) {
            throw unavailable(e);
        }
        return call(connection, command);
    }

    <T> T call(StatefulRedisConnection<String, byte[]> connection, Function<RedisCommands<String, byte[]>, T> command) {
        try {
            return command.apply(connection.sync());
        } catch (RedisReadOnlyException | RedisLoadingException e) {
            // not the master any more: the next connection may lead elsewhere
            connections.discard(connection);
            throw unavailable(e);
        } catch (RedisCommandExecutionException e) {
            throw unavailable(e);
        } catch (RedisException e) {
            // frozen or broken; one that broke while it was made takes itself to be open for ever
            connections.discard(connection);
            throw unavailable(e);
        }
    }

    /**
     * Returns when as many replicas as are wanted have what the command wrote; when it throws they may have it or not.
     */
    <T> T write(Function<RedisCommands<String, byte[]>, T> command) {
        if (replicas == 0) {
            return call(command);
        }
        // WAIT blocks its connection, and counts what was written over that one only
        StatefulRedisConnection<String, byte[]> connection = borrow();
        try {
            T result = call(connection, command);
            requireReplicas(call(connection, redis -> redis.waitForReplication(replicas, patience.toMillis())));
            return result;
        } finally {
            giveBack(connection);
        }
    }

    private void requireReplicas(long reached) {
        if (reached >= replicas) {
            if (replicasMissing.compareAndSet(true, false)) {
                log.info("{} replicas have what is written to Redis again", replicas);
            }
            return;
        }
        if (replicasMissing.compareAndSet(false, true)) {
            log.warn(
                    "Only {} of {} replicas (INGEST_REPLICAS) have what was written to Redis within {} ms: it goes to the"
                            + " database too",
                    reached,
                    replicas,
                    patience.toMillis());
        }
        throw unavailable(
                new RedisException("only " + reached + " of " + replicas + " replicas have what was written"));
    }

    private StatefulRedisConnection<String, byte[]> borrow() {
        for (StatefulRedisConnection<String, byte[]> connection = idle.poll();
                connection != null;
                connection = idle.poll()) {
            if (connection.isOpen()) {
                return connection;
            }
        }
        return open();
    }

    /** There are never more than threads that write at the same time. */
    private void giveBack(StatefulRedisConnection<String, byte[]> connection) {
        if (connection.isOpen()) {
            idle.push(connection);
        }
    }

    /** A connection of the caller's own. */
    StatefulRedisConnection<String, byte[]> open() {
        try {
            return connections.open();
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /** Closes a connection of {@link #open()}. */
    void discard(StatefulRedisConnection<String, byte[]> connection) {
        connections.discard(connection);
    }

    /** Changes with each new connection: it may lead to another server, or to one that was started again. */
    int generation() {
        return connections.generation();
    }

    private static UnavailableException unavailable(RedisException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (e instanceof RedisCommandExecutionException) {
            return new RefusedException("Redis: " + cause.getMessage(), e);
        }
        return new UnavailableException("Redis: " + cause.getMessage(), e);
    }
}
