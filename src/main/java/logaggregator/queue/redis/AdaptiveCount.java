package logaggregator.queue.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import logaggregator.queue.Delivery;

/**
 * How many entries the next read asks for, so that it brings about the wanted number of records though an entry may hold
 * one or hundreds: more when the last read was full, and never so many that their bytes could fill the memory. Used by
 * one thread.
 */
final class AdaptiveCount {

    /** Under load a batch may grow to this multiple: it is stored at a lower cost per record. */
    private static final int MAX_GROWTH = 10;

    private static final long MAX_BYTES = 8L << 20;

    /** The next entries may be much larger than the last ones were: up to a megabyte each. */
    private static final int MAX_ENTRIES = 500;

    private final int batchSize;
    private int wantedRecords;
    private double recordsPerEntry = 1;
    private double bytesPerEntry = 1 << 20;

    AdaptiveCount(int batchSize) {
        this.batchSize = batchSize;
        this.wantedRecords = batchSize;
    }

    int next() {
        double count = Math.min(wantedRecords / recordsPerEntry, MAX_BYTES / bytesPerEntry);
        return Math.max(1, (int) Math.min(count, MAX_ENTRIES));
    }

    /** @param asked what {@link #next} returned for this read */
    void observe(List<Delivery> deliveries, int asked) {
        if (deliveries.isEmpty()) {
            wantedRecords = batchSize;
            return;
        }
        long records = deliveries.stream()
                .mapToLong(delivery -> lineBreaks(delivery.fields()))
                .sum();
        long bytes = deliveries.stream()
                .map(Delivery::fields)
                .map(Map::values)
                .flatMap(Collection::stream)
                .mapToLong(value -> value.length)
                .sum();
        recordsPerEntry = Math.max(1, (double) records / deliveries.size());
        bytesPerEntry = Math.max(1, (double) bytes / deliveries.size());
        boolean full = deliveries.size() >= asked;
        wantedRecords = full ? Math.min(wantedRecords * 2, batchSize * MAX_GROWTH) : batchSize;
    }

    private static long lineBreaks(Map<String, byte[]> fields) {
        byte[] data = fields.getOrDefault("data", new byte[0]);
        long count = 0;
        for (byte b : data) {
            if (b == '\n') {
                count++;
            }
        }
        return count;
    }
}
