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

    /**
     * Takes a key for a while, once nobody holds it and all who were to have it before have had it; else waits for it, if it is
     * called again and again. Such a key is nothing to the methods above.
     *
     * @param rank who has a lower one comes first
     * @param patience for how long the others wait for who doesn't call again
     * @return whether the caller holds it
     * @throws UnavailableException when that can't be told
     */
    boolean claimInTurn(String key, String token, long rank, Duration patience, Duration time);

    /** Gives a key back that was taken, or is waited for, in turn. */
    void passOn(String key, String token);
}
