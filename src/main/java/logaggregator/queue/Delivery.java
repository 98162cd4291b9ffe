package logaggregator.queue;

import java.util.Map;

/**
 * An entry as read from the queue.
 *
 * @param id the queue's id of the entry
 * @param fields never changed once they are in here; empty when the entry was deleted after it was delivered
 * @param attempts how often it was delivered, this time included
 */
public record Delivery(String id, Map<String, byte[]> fields, long attempts) {}
