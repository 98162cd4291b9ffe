package logaggregator.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueTail;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/**
 * What came into the queue between two positions, as far as it is still there. It is decoded and picked in turns by a thread
 * of the executor, as what comes in now. For one thread.
 */
final class CatchUp implements AutoCloseable {

    private final QueueTail queue;
    private final TailDecoder decoder;
    private final Executor executor;
    private final TailPosition after;
    private final EntryId upTo;

    /** What was read, what was decoded of it, and what was picked of that. */
    private List<Delivery> deliveries = List.of();

    private final Deque<TailRecord> records = new ArrayDeque<>();
    private final Deque<TailEvent> events = new ArrayDeque<>();

    private QueueTail.@Nullable Reading reading;
    private @Nullable TailPosition read;
    private @Nullable TailPosition seen;
    private boolean begun;
    private boolean allRead;

    /** @param upTo the last entry that is wanted */
    CatchUp(QueueTail queue, TailDecoder decoder, Executor executor, TailPosition after, EntryId upTo) {
        this.queue = queue;
        this.decoder = decoder;
        this.executor = executor;
        this.after = after;
        this.upTo = upTo;
    }

    /** The next event, or null when all is told. */
    @Nullable
    TailEvent next(LogFilter filter) {
        if (events.isEmpty() && records.isEmpty() && !allRead) {
            try {
                read();
            } catch (UnavailableException e) {
                allRead = true;
                events.add(new TailEvent.Missed(null));
            }
        }
        if (events.isEmpty() && !(deliveries.isEmpty() && records.isEmpty())) {
            CompletableFuture.runAsync(() -> pick(filter), executor).join();
        }
        TailEvent event = events.poll();
        boolean isOver = allRead && deliveries.isEmpty() && records.isEmpty();
        return event != null || isOver ? event : new TailEvent.Nothing(seen);
    }

    private void read() {
        if (reading == null) {
            reading = queue.readAfter(after.before());
        }
        List<Delivery> found = reading.next(Duration.ZERO);
        if (!begun) {
            begun = true;
            requireStart(found);
        }
        deliveries = found.stream()
                .filter(delivery -> EntryId.parse(delivery.id()).compareTo(upTo) <= 0)
                .toList();
        allRead = deliveries.isEmpty() || deliveries.size() < found.size();
        if (!deliveries.isEmpty()) {
            read = TailPosition.after(deliveries.get(deliveries.size() - 1).id());
        }
    }

    /** When the entry where it begins is gone, others after it may be gone as well. */
    private void requireStart(List<Delivery> found) {
        String start = after.entry().toString();
        if (found.isEmpty() || !found.get(0).id().equals(start)) {
            events.add(new TailEvent.Missed(null));
        }
    }

    private void pick(LogFilter filter) {
        Turn turn = new Turn();
        decoder.decode(deliveries).stream()
                .filter(record -> record.position().compareTo(after) > 0)
                .forEach(records::add);
        deliveries = List.of();
        while (!records.isEmpty() && !turn.isOver()) {
            TailRecord record = records.remove();
            seen = record.position();
            if (record.matches(filter)) {
                events.add(record.toEvent());
            }
        }
        if (records.isEmpty()) {
            seen = read;
        }
    }

    @Override
    public void close() {
        allRead = true;
        deliveries = List.of();
        records.clear();
        events.clear();
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }
}
