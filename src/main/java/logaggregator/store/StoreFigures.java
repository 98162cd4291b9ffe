package logaggregator.store;

/** How much is stored. All methods throw {@link logaggregator.UnavailableException} when the database can't be asked in time. */
public interface StoreFigures {

    /** Stored logs, those that came in the last minute perhaps not among them. */
    long logs();

    /** Bytes that they take, with their indexes. */
    long bytes();
}
