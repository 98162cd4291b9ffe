package logaggregator.queue.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.Durability;
import logaggregator.deadletter.DeadLetter;
import logaggregator.deadletter.DeadLetterFilter;
import logaggregator.deadletter.DeadLetterQueue;
import logaggregator.deadletter.DeadLetterSettings;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.LogQueue;
import logaggregator.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters in a stream of Redis, see {@link LetterCodec}. Two more keys remember for a week which letters were added, so
 * that each is added once, and which were replayed or discarded, so that a copy of them that is still somewhere means
 * nothing. Thread-safe.
 */
final class RedisDeadLetterQueue implements DeadLetterQueue {

    /** From here on the memory of the server is for logs. */
    private static final double FULL = 0.8;

    /** Letters, and bytes of them, that one script adds: it blocks the server. */
    private static final int LETTERS_AT_ONCE = 500;

    private static final int BYTES_AT_ONCE = 4 << 20;

    /** Letters that are looked through at once. */
    private static final int PAGE = 100;

    private final RedisCalls calls;
    private final LogQueue logs;
    private final String queue;
    private final String key;
    private final int maxLength;

    RedisDeadLetterQueue(RedisCalls calls, LogQueue logs, QueueSettings settings, DeadLetterSettings limits) {
        this.calls = calls;
        this.logs = logs;
        this.queue = settings.stream();
        this.key = settings.dlq();
        this.maxLength = limits.maxLength();
    }

    @Override
    public void add(List<DeadLetter> letters) {
        int from = 0;
        int bytes = 0;
        for (int to = 0; to < letters.size(); to++) {
            int next = letters.get(to).data().length;
            if (to > from && (to - from == LETTERS_AT_ONCE || bytes + next > BYTES_AT_ONCE)) {
                addAtOnce(letters.subList(from, to));
                from = to;
                bytes = 0;
            }
            bytes += next;
        }
        if (from < letters.size()) {
            addAtOnce(letters.subList(from, letters.size()));
        }
    }

    private void addAtOnce(List<DeadLetter> letters) {
        List<byte[]> arguments = new ArrayList<>(List.of(RedisStreams.bytes(REMEMBERED.toMillis())));
        for (DeadLetter letter : letters) {
            arguments.add(RedisStreams.bytes(letter.key()));
            RedisStreams.addFields(arguments, LetterCodec.encode(letter));
        }
        run(Scripts.ADD_LETTERS, arguments, key, seenKey(), goneKey());
    }

    @Override
    public List<DeadLetter> find(DeadLetterFilter filter, @Nullable String before, int limit) {
        List<DeadLetter> found = new ArrayList<>();
        Boundary<String> upper = before == null ? Boundary.unbounded() : Boundary.excluding(before);
        while (found.size() < limit) {
            Range<String> range = Range.from(Boundary.unbounded(), upper);
            List<StreamMessage<String, byte[]>> page =
                    calls.call(redis -> redis.xrevrange(key, range, Limit.from(PAGE)));
            if (page.isEmpty()) {
                break;
            }
            withoutGone(page.stream()
                            .map(LetterCodec::decode)
                            .filter(filter::matches)
                            .toList())
                    .stream()
                    .limit(limit - found.size())
                    .forEach(found::add);
            upper = Boundary.excluding(page.get(page.size() - 1).getId());
        }
        return found;
    }

    @Override
    public @Nullable DeadLetter get(String id) {
        List<DeadLetter> found = calls.call(redis -> redis.xrange(key, Range.create(id, id))).stream()
                .map(LetterCodec::decode)
                .toList();
        return withoutGone(found).stream().findFirst().orElse(null);
    }

    @Override
    public List<DeadLetter> surplus(int limit) {
        long surplus = length() - maxLength;
        if (surplus <= 0) {
            return List.of();
        }
        return calls.call(redis -> redis.xrange(key, Range.unbounded(), Limit.from(Math.min(limit, surplus)))).stream()
                .map(LetterCodec::decode)
                .toList();
    }

    @Override
    public boolean replay(DeadLetter letter) {
        return replay(letter, letter.id());
    }

    @Override
    public boolean replayFromElsewhere(DeadLetter letter) {
        return replay(letter, "");
    }

    private boolean replay(DeadLetter letter, String id) {
        List<byte[]> arguments = new ArrayList<>();
        Stream.of(QueueLedger.newName(), letter.key(), id)
                .map(RedisStreams::bytes)
                .forEach(arguments::add);
        ChunkCodec.encode(letter).forEach((name, value) -> {
            arguments.add(RedisStreams.bytes(name));
            arguments.add(value);
        });
        return run(Scripts.REPLAY, arguments, queue, QueueLedger.key(queue), key, goneKey()) == 1;
    }

    @Override
    public boolean discard(DeadLetter letter) {
        List<byte[]> arguments = List.of(RedisStreams.bytes(letter.key()), RedisStreams.bytes(letter.id()));
        return run(Scripts.DISCARD, arguments, key, goneKey()) == 1;
    }

    @Override
    public void release(Collection<String> ids) {
        calls.call(redis -> redis.xdel(key, ids.toArray(new String[0])));
    }

    @Override
    public Set<String> gone(Duration lately) {
        return calls
                .<List<byte[]>>call(redis -> Scripts.GONE_LATELY.run(
                        redis, ScriptOutputType.MULTI, new String[] {goneKey()}, RedisStreams.bytes(lately.toMillis())))
                .stream()
                .map(RedisDeadLetterQueue::text)
                .collect(Collectors.toSet());
    }

    @Override
    public List<DeadLetter> withoutGone(List<DeadLetter> letters) {
        if (letters.isEmpty()) {
            return letters;
        }
        byte[][] keys =
                letters.stream().map(letter -> RedisStreams.bytes(letter.key())).toArray(byte[][]::new);
        List<Double> gone = calls.call(redis -> redis.zmscore(goneKey(), keys));
        return IntStream.range(0, letters.size())
                .filter(n -> gone.get(n) == null)
                .mapToObj(letters::get)
                .toList();
    }

    @Override
    public long length() {
        return calls.call(redis -> redis.xlen(key));
    }

    @Override
    public boolean isSafe() {
        return logs.durability() == Durability.FSYNC && logs.load().fullness() < FULL;
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private long run(Script script, List<byte[]> arguments, String... keys) {
        return calls.<Long>write(
                redis -> script.run(redis, ScriptOutputType.INTEGER, keys, arguments.toArray(new byte[0][])));
    }

    private String seenKey() {
        return key + ":seen";
    }

    private String goneKey() {
        return key + ":gone";
    }
}
