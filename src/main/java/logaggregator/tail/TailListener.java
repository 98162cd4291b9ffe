package logaggregator.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import logaggregator.store.LogFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who follows the logs that match a filter. They are picked in short turns by a thread of the executor: a costly
 * search keeps nobody waiting who brings logs, nor whoever follows others. Of what the client is too slow for, the oldest is
 * left out and counted; of what the search is too slow for, the oldest is left out. Thread-safe; one thread takes the events.
 */
public final class TailListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TailListener.class);

    private static final int MAX_EVENTS = 1_000;
    private static final int MAX_WEIGHT = 1 << 20;
    private static final long MAX_WEIGHT_OF_BATCHES = 8L << 20;

    private final LogFilter filter;
    private final TailPosition after;
    private final Executor executor;
    private final Consumer<TailListener> onClose;

    /** All that came in, to be picked from. */
    private final Deque<TailBatch> batches = new ArrayDeque<>();

    /** What is left of the batch that is being picked from, and where that ends. */
    private Iterator<TailRecord> records = Collections.emptyIterator();

    private @Nullable TailPosition upTo;

    /** What was picked. */
    private final Deque<TailRecord> waiting = new ArrayDeque<>();

    private @Nullable CatchUp catchUp;
    private @Nullable TailPosition seen;
    private boolean picking;
    private long weightOfBatches;
    private int weight;
    private long missed;
    private boolean gap;
    private boolean ended;

    /**
     * @param after where it begins; what comes in up to there isn't for it
     * @param catchUp what came in before it is offered anything, or null
     * @param executor where logs are picked
     */
    TailListener(
            LogFilter filter,
            TailPosition after,
            @Nullable CatchUp catchUp,
            Executor executor,
            Consumer<TailListener> onClose) {
        this.filter = filter;
        this.after = after;
        this.catchUp = catchUp;
        this.executor = executor;
        this.onClose = onClose;
    }

    /** Waits for what comes next. @return null when there is nothing more to come */
    public @Nullable TailEvent next(Duration patience) throws InterruptedException {
        CatchUp earlier = catchUp;
        if (earlier != null && !isEnded()) {
            TailEvent event = earlier.next(filter);
            if (event != null) {
                return event;
            }
            earlier.close();
            catchUp = null;
        }
        return take(patience);
    }

    private synchronized @Nullable TailEvent take(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!ended && !gap && missed == 0 && waiting.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return new TailEvent.Nothing(seen);
            }
            wait(left);
        }
        if (ended) {
            return null;
        }
        if (gap || missed > 0) {
            TailEvent event = new TailEvent.Missed(gap ? null : missed);
            gap = false;
            missed = 0;
            return event;
        }
        TailRecord record = waiting.remove();
        weight -= record.weight();
        return record.toEvent();
    }

    /** Takes what came in, of which this listener's will be picked; returns at once. */
    synchronized void offer(TailBatch batch) {
        if (ended) {
            return;
        }
        batches.add(batch);
        weightOfBatches += batch.weight();
        while (weightOfBatches > MAX_WEIGHT_OF_BATCHES && batches.size() > 1) {
            weightOfBatches -= batches.remove().weight();
            addGap();
        }
        if (!picking) {
            picking = true;
            executor.execute(this::pick);
        }
    }

    /** Whoever can't be picked for any more is better told so than left waiting. */
    private void pick() {
        try {
            pickInTurn();
        } catch (Error e) {
            end();
            throw e;
        }
    }

    private void pickInTurn() {
        Turn turn = new Turn();
        TailRecord record = nextRecord();
        while (record != null) {
            addIfWanted(record);
            if (turn.isOver()) {
                executor.execute(this::pick);
                return;
            }
            record = nextRecord();
        }
    }

    private void addIfWanted(TailRecord record) {
        try {
            if (record.position().compareTo(after) > 0 && record.matches(filter)) {
                add(record);
            }
        } catch (RuntimeException e) {
            log.error("A log could not be searched", e);
            addGap();
        }
    }

    /** The next to be picked from; null when there is none for now. */
    private synchronized @Nullable TailRecord nextRecord() {
        while (!ended && !records.hasNext() && beginBatch()) {
            // one may have no records
        }
        picking = !ended && records.hasNext();
        return picking ? records.next() : null;
    }

    /** Leaves the batch that is searched through, and begins the next; false when there is none. */
    private boolean beginBatch() {
        seen = upTo;
        TailBatch batch = batches.poll();
        if (batch == null) {
            return false;
        }
        weightOfBatches -= batch.weight();
        records = batch.records().iterator();
        upTo = batch.upTo();
        return true;
    }

    private synchronized void add(TailRecord record) {
        waiting.add(record);
        weight += record.weight();
        while (waiting.size() > MAX_EVENTS || weight > MAX_WEIGHT && waiting.size() > 1) {
            weight -= waiting.remove().weight();
            missed++;
        }
        notifyAll();
    }

    /** Some may be missing, nobody knows how many. */
    synchronized void addGap() {
        gap = true;
        notifyAll();
    }

    /** Lets {@link #next} return null. */
    public synchronized void end() {
        ended = true;
        batches.clear();
        notifyAll();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        end();
        if (catchUp != null) {
            catchUp.close();
        }
        onClose.accept(this);
    }
}
