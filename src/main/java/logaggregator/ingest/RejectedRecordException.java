package logaggregator.ingest;

import logaggregator.Rejection;
import org.jspecify.annotations.Nullable;

/** One record can't be accepted; its neighbours can. Carries no stack trace: it is an everyday answer, not a failure. */
public class RejectedRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final @Nullable String field;

    public RejectedRecordException(String reason, @Nullable String field, String error) {
        super(error, null, false, false);
        this.reason = reason;
        this.field = field;
    }

    public String reason() {
        return reason;
    }

    public Rejection at(int index) {
        return new Rejection(null, index, reason, field, String.valueOf(getMessage()));
    }
}
