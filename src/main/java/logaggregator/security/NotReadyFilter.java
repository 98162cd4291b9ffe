package logaggregator.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import logaggregator.ingest.Admission.Refusal;
import logaggregator.ops.Drain;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 while the port is open but the routes don't run yet, or no more: a 404 would tell producers to give up. It
 * comes before {@link RequestBodyFilter}: a request whose body has begun to arrive is finished.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4)
class NotReadyFilter extends OncePerRequestFilter {

    private final ApplicationAvailability availability;
    private final Drain drain;
    private final ProblemWriter problems;

    NotReadyFilter(ApplicationAvailability availability, Drain drain, ProblemWriter problems) {
        this.availability = availability;
        this.drain = drain;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        // its body has come: it was let in before
        return request.getDispatcherType() == DispatcherType.ASYNC
                || !request.getRequestURI().startsWith("/api/")
                || availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC
                || drain.isAnswering();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.CONNECTION, "close");
        problems.write(response, new Refusal(503, "not_ready", "the service is starting or stopping", 1));
    }
}
