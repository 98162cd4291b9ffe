package logaggregator.store;

import logaggregator.UnavailableException;

/**
 * Removes logs that nobody wants to keep, and their numbers with them; to be called from time to time. Each call does a
 * part of what there is to do, any number of processes may do so at the same time. All methods throw
 * {@link UnavailableException} when the database can't be used.
 */
public interface LogRemoval {

    /** Removes logs whose applications were deleted. */
    void removeDeletedApps();

    /** Removes logs that are older than they are to be kept, and the oldest while there are too many. */
    void removeExpired();

    /** How many days this process wanted to drop, the last time, and could not: others were using them. */
    int missedDays();
}
