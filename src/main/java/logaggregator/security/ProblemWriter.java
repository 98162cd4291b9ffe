package logaggregator.security;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import logaggregator.Problem;
import logaggregator.ingest.Admission.Refusal;
import logaggregator.metrics.Metrics;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** Answers a request that a filter refuses. Thread-safe. */
@Component
class ProblemWriter {

    private final ObjectMapper json;
    private final Metrics metrics;

    ProblemWriter(ObjectMapper json, Metrics metrics) {
        this.json = json;
        this.metrics = metrics;
    }

    void write(HttpServletResponse response, Refusal refusal) throws IOException {
        response.setStatus(refusal.status());
        if (refusal.retryAfterSeconds() > 0) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(refusal.retryAfterSeconds()));
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        ProblemDetail problem = Problem.of(refusal.status(), refusal.code(), refusal.detail());
        // some are written by threads that know nothing of the request
        Problem.setRequestId(problem, response.getHeader(RequestIds.HEADER));
        json.writeValue(response.getOutputStream(), problem);
        metrics.refused(refusal.code(), List.of());
    }
}
