package logaggregator;

import java.util.List;

/**
 * What became of the records of a request in the end.
 *
 * @param stored how many are stored
 * @param deadLettered the others; their indexes are those of the request
 */
public record Settlement(int stored, List<Rejection> deadLettered) {}
