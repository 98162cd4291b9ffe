package logaggregator.queue.redis;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueSettings;
import logaggregator.queue.QueueTail;
import org.springframework.stereotype.Component;

/** Reads the stream outside of any consumer group. Thread-safe. */
@Component
final class RedisQueueTail implements QueueTail {

    private static final String NOTHING = "0-0";

    private final RedisCalls calls;
    private final String stream;

    RedisQueueTail(RedisCalls calls, QueueSettings settings) {
        this.calls = calls;
        this.stream = settings.stream();
    }

    @Override
    public String last() {
        List<Object> info = calls.call(redis -> redis.exists(stream) == 0 ? List.of() : redis.xinfoStream(stream));
        for (int i = 0; i + 1 < info.size(); i += 2) {
            if (text(info.get(i)).equals("last-generated-id")) {
                return text(info.get(i + 1));
            }
        }
        return NOTHING;
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value.toString();
    }

    @Override
    public boolean hasAllAfter(String id) {
        return !calls.call(redis -> redis.xrange(stream, Range.create(id, id))).isEmpty() || last().equals(id);
    }

    @Override
    public Reading readAfter(String id) {
        return new StreamReading(calls.open(), id);
    }

    private final class StreamReading implements Reading {

        private static final int MANY_BYTES = 4 << 20;

        /** Whatever the last entries were like, each of the next may have a mebibyte. */
        private static final int MAX_COUNT = 16;

        private final StatefulRedisConnection<String, byte[]> connection;
        private final Duration timeout;
        private String position;
        private int count = MAX_COUNT;
        private boolean behind;

        StreamReading(StatefulRedisConnection<String, byte[]> connection, String position) {
            this.connection = connection;
            this.timeout = connection.getTimeout();
            this.position = position;
        }

        @Override
        public List<Delivery> next(Duration patience) {
            XReadArgs args = XReadArgs.Builder.count(count);
            connection.setTimeout(timeout.plus(patience));
            List<StreamMessage<String, byte[]>> messages = calls.call(
                    connection,
                    redis -> redis.xread(
                            patience.isZero() ? args : args.block(patience), StreamOffset.from(stream, position)));
            behind = messages.size() == count;
            if (!messages.isEmpty()) {
                position = messages.get(messages.size() - 1).getId();
                adapt(messages);
            }
            return messages.stream()
                    .map(message -> new Delivery(message.getId(), message.getBody(), 1))
                    .toList();
        }

        private void adapt(List<StreamMessage<String, byte[]>> messages) {
            long bytes = messages.stream()
                    .flatMap(message -> message.getBody().values().stream())
                    .mapToLong(value -> value.length)
                    .sum();
            count = bytes > MANY_BYTES
                    ? Math.max(1, count / 2)
                    : behind && bytes < MANY_BYTES / 2 ? Math.min(MAX_COUNT, count * 2) : count;
        }

        @Override
        public boolean isBehind() {
            return behind;
        }

        @Override
        public void close() {
            calls.discard(connection);
        }
    }
}
