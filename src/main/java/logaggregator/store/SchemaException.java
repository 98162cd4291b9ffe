package logaggregator.store;

import logaggregator.UnavailableException;

/** The database answers, but what the store needs in it can't be made. The message may be shown to anybody. */
public class SchemaException extends UnavailableException {

    private static final long serialVersionUID = 1L;

    public SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
