package logaggregator;

import org.jspecify.annotations.Nullable;

/**
 * Not now: the queue or the database can't be used at the moment, or doesn't answer in time. The call may have had its
 * effect all the same; it can be repeated, since what was stored before is recognised.
 */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
