package logaggregator.queue.redis;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XPendingArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.metrics.Metrics;
import logaggregator.queue.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * The stream commands of Redis, in our terms. All methods throw {@link UnavailableException} when Redis can't be reached,
 * doesn't answer in time or refuses. Thread-safe.
 *
 * @see <a href="https://redis.io/docs/latest/develop/data-types/streams/">Redis Streams</a>
 */
final class RedisStreams {

    private static final byte[] NOTHING = {};

    private final RedisCalls calls;
    private final LedgerMemory memory;
    private final Metrics metrics;

    /** @param memory is told what the ledger says after each {@link #add} */
    RedisStreams(RedisCalls calls, LedgerMemory memory, Metrics metrics) {
        this.calls = calls;
        this.memory = memory;
        this.metrics = metrics;
    }

    /** A consumer's hold on an entry. */
    record Pending(String id, long attempts) {}

    /**
     * Adds all entries in one step, in this order, or none, and counts them in the ledger.
     *
     * @param traced whether {@link QueueLedger} can tell that their chunks are in the queue
     * @return their ids
     */
    List<String> add(String stream, List<Map<String, byte[]>> entries, boolean traced) {
        List<byte[]> arguments = new ArrayList<>(List.of(bytes(QueueLedger.newName()), bytes(traced ? 1 : 0)));
        for (Map<String, byte[]> entry : entries) {
            addFields(arguments, entry);
        }
        return calls.write(redis -> {
            List<Object> added = Scripts.ADD_ALL.run(
                    redis,
                    ScriptOutputType.MULTI,
                    new String[] {stream, QueueLedger.key(stream), QueueLedger.tracesKey(stream)},
                    arguments.toArray(new byte[0][]));
            memory.keep(text(added.get(1)), (List<?>) added.get(2));
            return ((List<?>) added.get(0)).stream().map(RedisStreams::text).toList();
        });
    }

    /** Creates stream and group unless they exist; the group begins with the stream's first entry. */
    void createGroup(String stream, String group) {
        call(redis -> {
            try {
                return redis.xgroupCreate(StreamOffset.from(stream, "0"), group, XGroupCreateArgs.Builder.mkstream());
            } catch (RedisBusyException alreadyThere) {
                return "";
            }
        });
    }

    /** Number of entries. */
    long length(String stream) {
        return call(redis -> redis.xlen(stream));
    }

    /** Waits for entries that no consumer of the group has seen; blocks its connection that long. */
    List<StreamMessage<String, byte[]>> readNew(
            StatefulRedisConnection<String, byte[]> connection,
            String stream,
            String group,
            String consumer,
            int count,
            Duration block) {
        return calls.call(
                connection,
                redis -> redis.xreadgroup(
                        Consumer.from(group, consumer),
                        XReadArgs.Builder.count(count).block(block),
                        StreamOffset.lastConsumed(stream)));
    }

    /**
     * Lists what is pending, oldest first.
     *
     * @param consumer whose entries, or null for all consumers
     * @param minIdle for how long a consumer must not have reported them
     */
    List<Pending> pending(
            String stream, String group, @Nullable String consumer, Duration minIdle, String afterId, int count) {
        XPendingArgs<String> args = new XPendingArgs<String>()
                .group(group)
                .range(Range.from(Range.Boundary.excluding(afterId), Range.Boundary.unbounded()))
                .limit(Limit.from(count));
        if (consumer != null) {
            args.consumer(Consumer.from(group, consumer));
        }
        if (!minIdle.isZero()) {
            args.idle(minIdle);
        }
        List<PendingMessage> pending = call(redis -> redis.xpending(stream, args));
        return pending.stream()
                .map(entry -> new Pending(entry.getId(), entry.getRedeliveryCount()))
                .toList();
    }

    /**
     * Takes entries over from consumers that have not reported them for {@code minIdle}; counts as a delivery.
     *
     * @return without those that were deleted or that another consumer took
     */
    List<StreamMessage<String, byte[]>> claim(
            String stream, String group, String consumer, Duration minIdle, List<String> ids) {
        List<StreamMessage<String, byte[]>> claimed = call(redis ->
                redis.xclaim(stream, Consumer.from(group, consumer), minIdle.toMillis(), ids.toArray(new String[0])));
        // Redis before 7.0 answers nil for a deleted entry
        List<StreamMessage<String, byte[]>> there =
                claimed.stream().filter(message -> message.getId() != null).toList();
        metrics.claimed(there.size());
        return there;
    }

    /** Reports that a consumer still works on entries; doesn't count as a delivery. */
    void touch(String stream, String group, String consumer, List<String> ids) {
        call(redis -> redis.xclaim(
                stream,
                Consumer.from(group, consumer),
                new XClaimArgs().minIdleTime(0).justid(),
                ids.toArray(new String[0])));
    }

    /** Sets how often entries of a consumer count as delivered. */
    void setAttempts(String stream, String group, String consumer, List<String> ids, long attempts) {
        call(redis -> redis.xclaim(
                stream,
                Consumer.from(group, consumer),
                new XClaimArgs().minIdleTime(0).retryCount(attempts).justid(),
                ids.toArray(new String[0])));
    }

    /** True when Redis said that a stream or its group doesn't exist. */
    static boolean isGroupMissing(Exception failure) {
        return failure instanceof UnavailableException
                && failure.getCause() instanceof RedisCommandExecutionException refused
                && String.valueOf(refused.getMessage()).startsWith("NOGROUP");
    }

    /** Acknowledges what the group was given, and counts it in the ledger as settled. */
    void acknowledge(String stream, String group, List<Delivery> deliveries) {
        List<byte[]> arguments = new ArrayList<>(List.of(bytes(group)));
        for (Delivery delivery : deliveries) {
            arguments.add(bytes(delivery.id()));
            boolean counted = delivery.fields().containsKey("ledger");
            arguments.add(counted ? delivery.fields().getOrDefault("apps", NOTHING) : NOTHING);
            arguments.add(delivery.fields().getOrDefault("id", NOTHING));
        }
        call(redis -> Scripts.ACKNOWLEDGE.<Long>run(
                redis,
                ScriptOutputType.INTEGER,
                new String[] {stream, QueueLedger.key(stream), QueueLedger.tracesKey(stream)},
                arguments.toArray(new byte[0][])));
    }

    /**
     * Acknowledges those of the entries that are not in the stream any more.
     *
     * @return their ids, without those that another consumer has acknowledged
     */
    List<String> acknowledgeDeleted(String stream, String group, List<String> ids) {
        return call(redis -> {
            List<String> deleted = ids.stream()
                    .filter(id -> redis.xrange(stream, Range.create(id, id)).isEmpty())
                    .toList();
            return deleted.stream()
                    .filter(id -> redis.xack(stream, group, id) == 1)
                    .toList();
        });
    }

    /** Removes a consumer from its group, unless entries are pending on it. */
    void leave(String stream, String group, String consumer) {
        call(redis -> Scripts.LEAVE.<Long>run(
                redis, ScriptOutputType.INTEGER, new String[] {stream}, bytes(group), bytes(consumer)));
    }

    /** Removes the entries that no group needs any more. */
    void trim(String stream) {
        call(redis -> {
            if (redis.exists(stream) == 0) {
                return 0L;
            }
            return redis.xinfoGroups(stream).stream()
                    .map(group -> firstNeeded(redis, stream, GroupInfo.of(group)))
                    .min(EntryId::compareTo)
                    .map(first -> redis.xtrim(stream, XTrimArgs.Builder.minId(first.toString())))
                    .orElse(0L);
        });
    }

    /** The first entry that a group still needs, there or not. */
    static EntryId firstNeeded(RedisCommands<String, byte[]> redis, String stream, GroupInfo group) {
        if (group.pending() == 0) {
            return EntryId.parse(group.lastDelivered()).next();
        }
        String lowest =
                redis.xpending(stream, group.name()).getMessageIds().getLower().getValue();
        // null when all was acknowledged in between: the next time will see it
        return EntryId.parse(lowest == null ? "0-0" : lowest);
    }

    StatefulRedisConnection<String, byte[]> open() {
        return calls.open();
    }

    /** Closes a connection of {@link #open()}. */
    void discard(StatefulRedisConnection<String, byte[]> connection) {
        calls.discard(connection);
    }

    <T> T call(Function<RedisCommands<String, byte[]>, T> command) {
        return calls.call(command);
    }

    /** Adds the number of fields, then the fields. */
    static void addFields(List<byte[]> arguments, Map<String, byte[]> fields) {
        arguments.add(bytes(fields.size()));
        fields.forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(value);
        });
    }

    /** Of a text, as Redis answers it inside of a list. */
    static String text(Object value) {
        return new String((byte[]) value, StandardCharsets.UTF_8);
    }

    static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
