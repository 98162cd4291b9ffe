package logaggregator.ingest;

import java.util.List;
import logaggregator.Rejection;

/** The client's fault: nothing of the request was accepted. The message is meant for the client. */
public class InvalidBodyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<Rejection> rejections;

    /**
     * @param status HTTP status of the answer
     * @param code machine-readable, e.g. {@code empty_body}
     */
    public InvalidBodyException(int status, String code, String message) {
        this(status, code, message, List.of());
    }

    public InvalidBodyException(int status, String code, String message, List<Rejection> rejections) {
        super(message);
        this.status = status;
        this.code = code;
        this.rejections = List.copyOf(rejections);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The records at fault; empty when the body is at fault as a whole. */
    public List<Rejection> rejections() {
        return rejections;
    }
}
