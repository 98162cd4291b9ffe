package logaggregator.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import logaggregator.EntryId;
import logaggregator.UnavailableException;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueTail;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;

/** What came into the queue between two positions, as far as it is still there. For one thread. */
final class CatchUp implements AutoCloseable {

    private final QueueTail queue;
    private final TailDecoder decoder;
    private final TailPosition after;
    private final EntryId upTo;
    private final Deque<TailEvent> events = new ArrayDeque<>();
    private QueueTail.@Nullable Reading reading;
    private boolean begun;
    private boolean finished;

    /** @param upTo the last entry that is wanted */
    CatchUp(QueueTail queue, TailDecoder decoder, TailPosition after, EntryId upTo) {
        this.queue = queue;
        this.decoder = decoder;
        this.after = after;
        this.upTo = upTo;
    }

    /** The next event, or null when all is told. */
    @Nullable
    TailEvent next(LogFilter filter) {
        if (events.isEmpty() && !finished) {
            try {
                read(filter);
            } catch (UnavailableException e) {
                finished = true;
                events.add(new TailEvent.Missed(null));
            }
        }
        return events.poll();
    }

    private void read(LogFilter filter) {
        if (reading == null) {
            reading = queue.readAfter(after.before());
        }
        List<Delivery> deliveries = reading.next(Duration.ZERO);
        if (!begun) {
            begun = true;
            requireStart(deliveries);
        }
        List<Delivery> wanted = deliveries.stream()
                .filter(delivery -> EntryId.parse(delivery.id()).compareTo(upTo) <= 0)
                .toList();
        decoder.decode(wanted).stream()
                .filter(record -> record.position().compareTo(after) > 0)
                .filter(record -> record.matches(filter))
                .forEach(record -> events.add(record.toEvent()));
        finished = wanted.isEmpty() || wanted.size() < deliveries.size();
        if (!finished) {
            events.add(new TailEvent.Nothing(
                    TailPosition.after(wanted.get(wanted.size() - 1).id())));
        }
    }

    /** When the entry where it begins is gone, others after it may be gone as well. */
    private void requireStart(List<Delivery> deliveries) {
        String start = after.entry().toString();
        if (deliveries.isEmpty() || !deliveries.get(0).id().equals(start)) {
            events.add(new TailEvent.Missed(null));
        }
    }

    @Override
    public void close() {
        finished = true;
        events.clear();
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }
}
