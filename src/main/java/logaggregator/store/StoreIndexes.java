package logaggregator.store;

import logaggregator.UnavailableException;

/**
 * What readers find logs by and writers needn't wait for, to be called from time to time; any number of processes may do so
 * at the same time. All methods throw {@link UnavailableException} when the database can't be used.
 */
public interface StoreIndexes {

    /** Catches up with the logs of late. */
    void refresh();

    /** Begins to index the words of days that are over, unless that goes on already; returns at once. */
    void indexClosedDays();
}
