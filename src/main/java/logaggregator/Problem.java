package logaggregator;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Makes error answers: RFC 9457 with the original system's {@code detail} and a machine-readable {@code code}. */
public final class Problem {

    /** Name of the request's id in the context of its thread ({@link MDC}), and in error answers. */
    public static final String REQUEST_ID = "request_id";

    private Problem() {}

    /**
     * Describes one error.
     *
     * @param code machine-readable, e.g. {@code empty_body}
     * @param detail one sentence for the client; holds nothing from inside the service
     */
    public static ProblemDetail of(int status, String code, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(status), detail);
        problem.setProperty("code", code);
        setRequestId(problem, MDC.get(REQUEST_ID));
        return problem;
    }

    /** Tells by which id the log knows the request, if it has one. */
    public static void setRequestId(ProblemDetail problem, @Nullable String id) {
        if (id != null) {
            problem.setProperty(REQUEST_ID, id);
        }
    }
}
