package logaggregator.queue.redis;

import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logaggregator.EntryId;
import logaggregator.ledger.QueueAccounts;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.QueueSettings;

/** The ledger that {@link Scripts} keep beside the queue, in a hash of Redis. Thread-safe. */
final class QueueLedger implements QueueAccounts {

    private final RedisCalls calls;
    private final LedgerMemory memory;
    private final QueueSettings settings;

    QueueLedger(RedisCalls calls, LedgerMemory memory, QueueSettings settings) {
        this.calls = calls;
        this.memory = memory;
        this.settings = settings;
    }

    static String key(String stream) {
        return stream + ":ledger";
    }

    /** Key of the hash that has the entry of each traced chunk. */
    static String tracesKey(String stream) {
        return stream + ":traced";
    }

    static String newName() {
        return UUID.randomUUID().toString();
    }

    @Override
    public Page read() {
        return calls.call(redis -> {
            // first the numbers: a queue that is drained afterwards has settled all of them
            Page page = page(redis.hgetall(key(settings.stream())));
            return new Page(page.name(), isDrained(redis), page.accounts());
        });
    }

    @Override
    public Page last() {
        return calls.call(redis -> page(redis.hgetall(key(settings.stream()) + ":last")));
    }

    @Override
    public List<Page> remembered() {
        return memory.pages();
    }

    @Override
    public void open() {
        calls.call(redis -> Scripts.OPEN.<Long>run(
                redis, ScriptOutputType.INTEGER, new String[] {key(settings.stream())}, RedisStreams.bytes(newName())));
    }

    private static Page page(Map<String, byte[]> fields) {
        Map<String, Account> accounts = new HashMap<>();
        fields.forEach((field, value) -> {
            int colon = field.indexOf(':');
            if (colon > 0) {
                accounts.merge(
                        field.substring(colon + 1),
                        account(field.substring(0, colon), Long.parseLong(text(value))),
                        QueueLedger::plus);
            }
        });
        return new Page(text(fields.getOrDefault("ledger", new byte[0])), false, accounts);
    }

    private static Account account(String kind, long number) {
        return new Account(
                kind.equals("accepted") ? number : 0,
                kind.equals("settled") ? number : 0,
                kind.equals("replayed") ? number : 0);
    }

    private static Account plus(Account one, Account other) {
        return new Account(
                one.accepted() + other.accepted(), one.settled() + other.settled(), one.replayed() + other.replayed());
    }

    private boolean isDrained(RedisCommands<String, byte[]> redis) {
        String stream = settings.stream();
        if (redis.exists(stream) == 0) {
            return true;
        }
        return redis.xinfoGroups(stream).stream()
                .map(GroupInfo::of)
                .filter(group -> group.name().equals(settings.group()))
                .anyMatch(group -> group.pending() == 0
                        && redis.xrevrange(stream, Range.unbounded(), Limit.from(1)).stream()
                                .allMatch(last ->
                                        EntryId.parse(last.getId()).compareTo(EntryId.parse(group.lastDelivered()))
                                                <= 0));
    }

    /** Those of the chunks that were traced when they were added, and whose entries are in the stream, with their producers. */
    Map<UUID, String> queued(Collection<UUID> chunks) {
        String[] ids = chunks.stream().map(UUID::toString).toArray(String[]::new);
        return calls.call(redis -> {
            Map<UUID, String> queued = new HashMap<>();
            redis.hmget(tracesKey(settings.stream()), ids).stream()
                    .filter(KeyValue::hasValue)
                    .forEach(trace -> entry(redis, text(trace.getValue())).forEach(entry -> {
                        String producer = ChunkCodec.producer(entry.getBody());
                        queued.put(UUID.fromString(trace.getKey()), producer == null ? "" : producer);
                    }));
            return queued;
        });
    }

    /** Of this id; none when it isn't in the stream any more. */
    private List<StreamMessage<String, byte[]>> entry(RedisCommands<String, byte[]> redis, String id) {
        return redis.xrange(settings.stream(), Range.create(id, id));
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
