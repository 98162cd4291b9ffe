package logaggregator.ingest;

import org.jspecify.annotations.Nullable;

/** Decides whether a request may come in, before anything of its body is read. Thread-safe. */
public interface Admission {

    /**
     * Why a request is turned away.
     *
     * @param code machine-readable, e.g. {@code queue_full}
     * @param retryAfterSeconds when to send it again
     */
    record Refusal(int status, String code, String detail, int retryAfterSeconds) {}

    /** Null when requests may come in. */
    @Nullable
    Refusal refusal();

    /** When to send a request again that couldn't be accepted because something is down. */
    int retryAfterSeconds();
}
