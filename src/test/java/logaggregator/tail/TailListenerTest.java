package logaggregator.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import logaggregator.EntryId;
import logaggregator.search.Expression;
import logaggregator.search.Glob;
import logaggregator.store.LogFilter;
import org.junit.jupiter.api.Test;

class TailListenerTest {

    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final TailListener listener = new TailListener(
            new LogFilter(Expression.ALL, null, null), TailPosition.after("0-0"), null, turns::add, unused -> {});

    @Test
    void nobody_who_brings_logs_waits_for_the_search() throws InterruptedException {
        listener.offer(batch(1, 10));
        listener.offer(batch(2, 10));

        assertThat(next()).isInstanceOf(TailEvent.Nothing.class);
        assertThat(turns).hasSize(1);
        takeTurns(10);
        assertThat(next()).isInstanceOfSatisfying(TailEvent.Log.class, log -> assertThat(
                        log.log().message())
                .isEqualTo("1"));
        assertThat(next()).isInstanceOfSatisfying(TailEvent.Log.class, log -> assertThat(
                        log.log().message())
                .isEqualTo("2"));
        assertThat(next()).isEqualTo(new TailEvent.Nothing(TailPosition.after("2-0")));
    }

    /** Each of the logs takes longer than a turn: 13 million steps. */
    @Test
    void nobody_who_follows_other_logs_waits_for_more_than_one_log_of_a_costly_search() throws InterruptedException {
        List<Expression> words = IntStream.range(0, 200)
                .<Expression>mapToObj(n -> new Expression.InMessage(Glob.of("z" + n)))
                .toList();
        TailListener costly = new TailListener(
                new LogFilter(Expression.or(words), null, null),
                TailPosition.after("0-0"),
                null,
                turns::add,
                unused -> {});
        TailRecord large = record("x".repeat(64 << 10), new TailPosition(EntryId.parse("1-0"), 0), 10);
        costly.offer(new TailBatch(List.of(large, large, large), TailPosition.after("1-0")));
        listener.offer(batch(1, 10));

        takeTurns(2);

        assertThat(next()).isInstanceOf(TailEvent.Log.class);
        takeTurns(1);
        assertThat(turns).hasSize(1);
    }

    @Test
    void of_what_the_search_is_too_slow_for_the_oldest_is_left_out() throws InterruptedException {
        for (int n = 1; n <= 10; n++) {
            listener.offer(batch(n, 2 << 20));
        }
        takeTurns(10);

        assertThat(next()).isEqualTo(new TailEvent.Missed(null));
        assertThat(next()).isInstanceOfAny(TailEvent.Missed.class, TailEvent.Log.class);
    }

    @Test
    void whoever_left_is_not_searched_for() {
        listener.offer(batch(1, 10));
        listener.close();
        takeTurns(1);
        listener.offer(batch(2, 10));

        assertThat(turns).isEmpty();
    }

    private TailEvent next() throws InterruptedException {
        return listener.next(Duration.ZERO);
    }

    private void takeTurns(int count) {
        for (int n = 0; n < count && !turns.isEmpty(); n++) {
            turns.remove().run();
        }
    }

    private static TailBatch batch(int number, int weight) {
        EntryId entry = EntryId.parse(number + "-0");
        return new TailBatch(
                List.of(record(Integer.toString(number), new TailPosition(entry, 0), weight)),
                TailPosition.after(entry.toString()));
    }

    private static TailRecord record(String message, TailPosition position, int weight) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new TailRecord(position, new LiveLog("INFO", message, now, null, "s", null, "a", now), weight);
    }
}
