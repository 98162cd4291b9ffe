package logaggregator.ingest.json;

import logaggregator.ingest.RejectedRecordException;
import org.jspecify.annotations.Nullable;

/** A record that can't be read to its end: where it stands in an array, nothing after it can be read either. */
class UnreadableRecordException extends RejectedRecordException {

    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String reason, @Nullable String field, String error) {
        super(reason, field, error);
    }
}
