package logaggregator;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Makes error answers: RFC 9457 with the original system's {@code detail} and a machine-readable {@code code}. */
public final class Problem {

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
        return problem;
    }
}
