package logaggregator.tail;

import java.util.List;

/**
 * What was read of the queue at once.
 *
 * @param upTo the last that was read, whether or not anything could be made of it
 * @param weight about how many bytes of memory it takes
 */
record TailBatch(List<TailRecord> records, TailPosition upTo, long weight) {

    /** Of the batch, and of each record beside its texts. */
    private static final int OVERHEAD = 300;

    TailBatch(List<TailRecord> records, TailPosition upTo) {
        this(records, upTo, records.stream().mapToLong(TailRecord::weight).sum() + OVERHEAD * (1L + records.size()));
    }
}
