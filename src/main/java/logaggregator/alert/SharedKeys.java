package logaggregator.alert;

import java.time.Duration;
import logaggregator.UnavailableException;

/** Keys that at most one holds at a time, each for a while. */
public interface SharedKeys {

    /**
     * Takes a key that nobody holds.
     *
     * @param token of the new holder
     * @param longest for how long anybody takes such a key: one that is held for longer is so because a clock was set back
     * @return false when somebody holds it
     * @throws UnavailableException when that can't be told
     */
    boolean claim(String key, String token, Duration time, Duration longest);

    /** Goes on holding a key for so long from now, or takes it again when it has run out; false when another has it. */
    boolean hold(String key, String token, Duration time);

    /** Gives a key back, if it is still held. */
    void release(String key, String token);

    /** What became of who asked for a key in turn. */
    enum Turn {
        /** Its turn has come: it holds the key, if it takes it. */
        HAS,
        /** It is to ask again. */
        WAITS,
        /** Somebody of a higher rank has had the key, or waits for it as well while another one holds it. */
        LOST
    }

    /**
     * @param patience for how long the others wait for who doesn't ask again
     * @param time for how long the key is held, or held on to
     * @param memory for how long after somebody had it nobody of a lower rank gets it
     */
    record Terms(Duration patience, Duration time, Duration memory) {}

    /**
     * Asks for a key that all are to hold one after the other. Such a key is nothing to the methods above.
     *
     * @param rank who has a lower one comes first; milliseconds
     * @param takes whether the key is wanted now; else only a place among those who wait for it
     * @throws UnavailableException when that can't be told
     */
    Turn ask(String key, String token, long rank, boolean takes, Terms terms);

    /** Gives a key back that was taken, or is waited for, in turn. */
    void passOn(String key, String token);
}
