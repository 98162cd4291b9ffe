package logaggregator.queue.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import logaggregator.EntryId;
import logaggregator.queue.Unacknowledged;

/**
 * For how long what is in a stream has been there, by the clock of Redis. All methods throw {@link
 * logaggregator.UnavailableException}. Thread-safe.
 */
final class StreamAges {

    private final RedisStreams streams;

    StreamAges(RedisStreams streams) {
        this.streams = streams;
    }

    /** The id of the first entry. */
    Optional<String> oldest(String stream) {
        return streams.call(redis -> redis.xrange(stream, Range.unbounded(), Limit.from(1)).stream()
                .map(StreamMessage::getId)
                .findFirst());
    }

    /** Of the first entry that a group has not acknowledged. */
    Duration delay(String stream, String group) {
        return streams.call(redis -> {
            if (redis.exists(stream) == 0) {
                return Duration.ZERO;
            }
            String first = groups(redis, stream, group)
                    .map(info -> RedisStreams.firstNeeded(redis, stream, info).toString())
                    .findFirst()
                    .orElse("-");
            List<StreamMessage<String, byte[]>> waiting = redis.xrange(
                    stream, Range.from(Range.Boundary.including(first), Range.Boundary.unbounded()), Limit.from(1));
            return waiting.isEmpty() ? Duration.ZERO : age(redis, waiting.get(0).getId());
        });
    }

    /** Of what was delivered to a group and not acknowledged. */
    Unacknowledged unacknowledged(String stream, String group) {
        return streams.call(redis -> {
            if (redis.exists(stream) == 0 || groups(redis, stream, group).allMatch(info -> info.pending() == 0)) {
                return Unacknowledged.NOTHING;
            }
            PendingMessages pending = redis.xpending(stream, group);
            String lowest = pending.getMessageIds().getLower().getValue();
            return lowest == null ? Unacknowledged.NOTHING : new Unacknowledged(pending.getCount(), age(redis, lowest));
        });
    }

    private static Stream<GroupInfo> groups(RedisCommands<String, byte[]> redis, String stream, String group) {
        return redis.xinfoGroups(stream).stream().map(GroupInfo::of).filter(info -> info.name()
                .equals(group));
    }

    private static Duration age(RedisCommands<String, byte[]> redis, String entry) {
        long now = Long.parseLong(RedisStreams.text(redis.time().get(0))) * 1_000;
        return Duration.ofMillis(Math.max(0, now - EntryId.parse(entry).millis()));
    }
}
