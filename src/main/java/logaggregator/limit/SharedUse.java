package logaggregator.limit;

import logaggregator.UnavailableException;

/** What all processes have taken of quotas. Thread-safe. */
public interface SharedUse {

    /**
     * Notes what was taken before and takes more, if that is left.
     *
     * @param before what was taken without asking, or, below zero, what is given back
     * @param amount what is wanted now
     * @throws UnavailableException when it can't be reached
     */
    Taken take(Quota quota, long before, int amount);
}
