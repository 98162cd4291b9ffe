package logaggregator.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import logaggregator.ingest.Admission;
import logaggregator.ingest.Admission.Refusal;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Turns logs away that can't be accepted at the moment, before their body is read. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 15)
class AdmissionFilter extends OncePerRequestFilter {

    private final Admission admission;
    private final ProblemWriter problems;

    /** @param admission lazy: filters are made before the servers that it asks are started */
    AdmissionFilter(@Lazy Admission admission, ProblemWriter problems) {
        this.admission = admission;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST") || !request.getRequestURI().startsWith("/api/v1/ingest");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Refusal refusal = admission.refusal();
        if (refusal == null) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(refusal.retryAfterSeconds()));
        problems.write(response, refusal.status(), refusal.code(), refusal.detail());
    }
}
