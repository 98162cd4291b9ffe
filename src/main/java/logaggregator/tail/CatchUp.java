package logaggregator.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import logaggregator.Chunk;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueTail;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/**
 * What came into the queue between two positions, as far as it is still there. It is decoded and picked in turns by a thread
 * of the executor, as what comes in now; the caller's waits for the queue, and for the names of applications. For one thread.
 */
final class CatchUp implements AutoCloseable {

    private final QueueTail queue;
    private final TailDecoder decoder;
    private final Executor executor;
    private final TailPosition after;
    private final EntryId upTo;

    /** What was read, what was decoded of it, what is being picked from, and what was picked. */
    private final Deque<Delivery> deliveries = new ArrayDeque<>();

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final Deque<TailRecord> records = new ArrayDeque<>();
    private final Deque<TailEvent> events = new ArrayDeque<>();

    /** Of the applications that the chunks name by id. */
    private Map<Integer, String> names = Map.of();

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
        if (events.isEmpty() && isPicked() && !allRead) {
            try {
                read();
            } catch (UnavailableException e) {
                allRead = true;
                events.add(new TailEvent.Missed(null));
            }
        }
        if (events.isEmpty() && !isPicked()) {
            if (records.isEmpty() && chunks.isEmpty()) {
                inTurn(this::decode);
                names = decoder.names(chunks);
            }
            inTurn(() -> pick(filter));
        }
        TailEvent event = events.poll();
        boolean isOver = allRead && isPicked();
        return event != null || isOver ? event : new TailEvent.Nothing(seen);
    }

    /** Whether nothing is left of what was read. */
    private boolean isPicked() {
        return deliveries.isEmpty() && chunks.isEmpty() && records.isEmpty();
    }

    private void inTurn(Runnable work) {
        CompletableFuture.runAsync(work, executor).join();
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
        found.stream()
                .filter(delivery -> EntryId.parse(delivery.id()).compareTo(upTo) <= 0)
                .forEach(deliveries::add);
        allRead = deliveries.isEmpty() || deliveries.size() < found.size();
        if (!deliveries.isEmpty()) {
            read = TailPosition.after(deliveries.getLast().id());
        }
    }

    /** When the entry where it begins is gone, others after it may be gone as well. */
    private void requireStart(List<Delivery> found) {
        String start = after.entry().toString();
        if (found.isEmpty() || !found.get(0).id().equals(start)) {
            events.add(new TailEvent.Missed(null));
        }
    }

    private void decode() {
        Turn turn = new Turn();
        while (!deliveries.isEmpty() && !turn.isOver()) {
            chunks.addAll(decoder.chunks(List.of(deliveries.remove())));
        }
    }

    private void pick(LogFilter filter) {
        Turn turn = new Turn();
        while (hasRecord() && !turn.isOver()) {
            TailRecord record = records.remove();
            seen = record.position();
            if (record.matches(filter)) {
                events.add(record.toEvent());
            }
        }
        if (isPicked()) {
            seen = read;
        }
    }

    private boolean hasRecord() {
        while (records.isEmpty() && !chunks.isEmpty()) {
            decoder.records(chunks.remove(), names).stream()
                    .filter(record -> record.position().compareTo(after) > 0)
                    .forEach(records::add);
        }
        return !records.isEmpty();
    }

    @Override
    public void close() {
        allRead = true;
        deliveries.clear();
        chunks.clear();
        records.clear();
        events.clear();
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }
}
