package logaggregator.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import logaggregator.EntryId;
import logaggregator.app.AppLookup;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.ingest.json.NdjsonDecoder;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueSettings;
import logaggregator.queue.QueueTail;
import logaggregator.search.Expression;
import logaggregator.store.LogFilter;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final LogFilter ALL = new LogFilter(Expression.ALL, null, null);
    private static final int PAGE = 2;

    private final List<Thread> lookups = new ArrayList<>();
    private final ChunkCodec codec = new ChunkCodec(
            new NdjsonDecoder(new JsonRecordDecoder(new IngestLimits(1_000, 16 << 20, 50_000, 500))),
            new QueueSettings("stream", "group", "dlq", "me", 1, 500, 2_000, 60_000, 10));

    @Test
    void all_that_is_left_is_shown_in_its_order() {
        assertThat(messages(entries(1, 6), "1-0", 5)).containsExactly("2", "3", "4", "5");
    }

    @Test
    void when_the_entry_where_it_begins_is_gone_the_others_are_shown_all_the_same() {
        assertThat(messages(entries(2, 6), "1-0", 5)).containsExactly("missed", "2", "3", "4", "5");
    }

    @Test
    void what_others_wait_for_is_not_held_up_by_the_database() {
        assertThat(messages(entries(1, 3), "1-0", 3)).containsExactly("2", "3");
        assertThat(lookups).isNotEmpty().containsOnly(Thread.currentThread());
    }

    private List<String> messages(List<Delivery> queue, String after, int upTo) {
        TailDecoder decoder = new TailDecoder(codec, new OneApp());
        List<String> told = new ArrayList<>();
        try (CatchUp catchUp = new CatchUp(
                new Entries(queue),
                decoder,
                work -> new Thread(work).start(),
                TailPosition.after(after),
                EntryId.parse(upTo + "-0"))) {
            TailEvent event = catchUp.next(ALL);
            while (event != null) {
                if (event instanceof TailEvent.Log log) {
                    assertThat(log.log().app()).isEqualTo("shop");
                    told.add(log.log().message());
                } else if (event instanceof TailEvent.Missed) {
                    told.add("missed");
                }
                event = catchUp.next(ALL);
            }
        }
        return told;
    }

    private static List<Delivery> entries(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(n -> new Delivery(n + "-0", Map.of("data", record(n)), 1))
                .toList();
    }

    private static byte[] record(int number) {
        String json = "{\"app_id\":7,\"level\":\"INFO\",\"service\":\"s\",\"message\":\"%d\"}\n";
        return json.formatted(number).getBytes(UTF_8);
    }

    /** A queue of these entries, read by pages. */
    private record Entries(List<Delivery> all) implements QueueTail {

        @Override
        public String last() {
            return all.get(all.size() - 1).id();
        }

        @Override
        public boolean hasAllAfter(String id) {
            return true;
        }

        @Override
        public Reading readAfter(String id) {
            return new Reading() {

                private List<Delivery> left = all.stream()
                        .filter(entry -> EntryId.parse(entry.id()).compareTo(EntryId.parse(id)) > 0)
                        .toList();

                @Override
                public List<Delivery> next(Duration patience) {
                    List<Delivery> page = left.subList(0, Math.min(PAGE, left.size()));
                    left = left.subList(page.size(), left.size());
                    return page;
                }

                @Override
                public boolean isBehind() {
                    return !left.isEmpty();
                }

                @Override
                public void close() {
                    left = List.of();
                }
            };
        }
    }

    private final class OneApp implements AppLookup {

        @Override
        public Map<Integer, String> find(Set<Integer> ids) {
            lookups.add(Thread.currentThread());
            return Map.of(7, "shop");
        }

        @Override
        public Set<String> existing(Set<String> names) {
            return names;
        }

        @Override
        public Map<Integer, String> findKnown(Set<Integer> ids) {
            return Map.of();
        }

        @Override
        public Set<String> existingKnown(Set<String> names) {
            return names;
        }
    }
}
