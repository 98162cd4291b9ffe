package logaggregator.queue.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import logaggregator.deadletter.DeadLetter;
import logaggregator.deadletter.DeadLetterFilter;
import logaggregator.deadletter.DeadLetterQueue;
import logaggregator.deadletter.DeadLetterSettings;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters in a stream of Redis, see {@link LetterCodec}. A second key remembers for a week what was added, so that a
 * letter is added once. Thread-safe.
 */
final class RedisDeadLetterQueue implements DeadLetterQueue {

    private static final Duration REMEMBERED = Duration.ofDays(7);

    /** Letters, and bytes of them, that one script adds: it blocks the server. */
    private static final int LETTERS_AT_ONCE = 500;

    private static final int BYTES_AT_ONCE = 4 << 20;

    /** Letters that are looked through at once. */
    private static final int PAGE = 100;

    private final RedisCalls calls;
    private final String queue;
    private final String key;
    private final int maxLength;
    private final Clock clock;

    RedisDeadLetterQueue(RedisCalls calls, QueueSettings settings, DeadLetterSettings limits, Clock clock) {
        this.calls = calls;
        this.queue = settings.stream();
        this.key = settings.dlq();
        this.maxLength = limits.maxLength();
        this.clock = clock;
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
            calls.call(redis ->
                    redis.zremrangebyscore(seenKey(), Range.create(0, clock.millis() - REMEMBERED.toMillis())));
        }
    }

    private void addAtOnce(List<DeadLetter> letters) {
        List<byte[]> arguments = new ArrayList<>(List.of(RedisStreams.bytes(clock.millis())));
        for (DeadLetter letter : letters) {
            arguments.add(RedisStreams.bytes(letter.key()));
            RedisStreams.addFields(arguments, LetterCodec.encode(letter));
        }
        eval(Scripts.ADD_LETTERS, arguments, key, seenKey());
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
            page.stream()
                    .map(LetterCodec::decode)
                    .filter(filter::matches)
                    .limit(limit - found.size())
                    .forEach(found::add);
            upper = Boundary.excluding(page.get(page.size() - 1).getId());
        }
        return found;
    }

    @Override
    public @Nullable DeadLetter get(String id) {
        return calls.call(redis -> redis.xrange(key, Range.create(id, id))).stream()
                .map(LetterCodec::decode)
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<DeadLetter> surplus(int limit) {
        long surplus = calls.call(redis -> redis.xlen(key)) - maxLength;
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
    public void enqueue(DeadLetter letter) {
        replay(letter, "");
    }

    private boolean replay(DeadLetter letter, String id) {
        List<byte[]> arguments =
                new ArrayList<>(List.of(RedisStreams.bytes(QueueLedger.newName()), RedisStreams.bytes(id)));
        ChunkCodec.encode(letter).forEach((name, value) -> {
            arguments.add(RedisStreams.bytes(name));
            arguments.add(value);
        });
        return eval(Scripts.REPLAY, arguments, queue, QueueLedger.key(queue), key) == 1;
    }

    @Override
    public long remove(Collection<String> ids) {
        return calls.call(redis -> redis.xdel(key, ids.toArray(new String[0])));
    }

    private long eval(String script, List<byte[]> arguments, String... keys) {
        return calls.<Long>write(
                redis -> redis.eval(script, ScriptOutputType.INTEGER, keys, arguments.toArray(new byte[0][])));
    }

    private String seenKey() {
        return key + ":seen";
    }
}
