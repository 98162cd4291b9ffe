package logaggregator.queue;

/**
 * How much is in the queue.
 *
 * @param entries in the queue, those that are stored but not removed yet among them
 * @param accepted records that were put on the queue since counting began
 * @param settled records that were stored or set aside since counting began
 * @param fullness the part of its memory that the queue's server uses, 1 when it is full; 0 when it has no limit
 */
public record QueueLoad(long entries, long accepted, long settled, double fullness) {}
