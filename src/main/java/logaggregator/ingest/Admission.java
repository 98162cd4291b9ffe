package logaggregator.ingest;

import org.jspecify.annotations.Nullable;

/** Decides whether a request may come in, before anything of its body is read. Thread-safe. */
public interface Admission {

    /**
     * Why a request is turned away.
     *
     * @param code machine-readable, e.g. {@code queue_full}
     * @param retryAfterSeconds when to send it again; 0 when that would be in vain
     */
    record Refusal(int status, String code, String detail, int retryAfterSeconds) {

        /** A body for which there is no memory now (503) may be sent again at once; what is wrong with others stays so. */
        public static Refusal of(InvalidBodyException fault) {
            return new Refusal(
                    fault.status(), fault.code(), String.valueOf(fault.getMessage()), fault.status() == 503 ? 1 : 0);
        }
    }

    /** Null when requests may come in. */
    @Nullable
    Refusal refusal();

    /** When to send a request again that couldn't be accepted because something is down. */
    int retryAfterSeconds();
}
