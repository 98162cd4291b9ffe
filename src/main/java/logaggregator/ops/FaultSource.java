package logaggregator.ops;

import org.jspecify.annotations.Nullable;

/** A part of the service that knows by itself what is wrong with it, and says in the log when that changes. */
public interface FaultSource {

    /** Its name at {@code /health}. */
    String part();

    /** What is wrong, as far as anybody may know; null when nothing is. */
    @Nullable
    String fault();
}
