package logaggregator.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import logaggregator.Problem;
import logaggregator.metrics.Endpoint;
import logaggregator.metrics.Metrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Names each request, for its answer and for what is logged on its way, and notes when it is answered. It comes before all other
 * filters, and again whenever the request is dispatched again.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(RequestFilter.class);

    private static final String SEEN = RequestFilter.class.getName() + ".SEEN";
    private static final int FAILED = 500;
    private static final int REFUSED = 400;

    private final Metrics metrics;

    RequestFilter(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Seen seen = (Seen) request.getAttribute(SEEN);
        if (seen == null) {
            seen = new Seen(
                    RequestIds.of(request.getHeader(RequestIds.HEADER)),
                    request.getMethod(),
                    Endpoint.of(request.getRequestURI()),
                    System.nanoTime(),
                    response);
            request.setAttribute(SEEN, seen);
            response.setHeader(RequestIds.HEADER, seen.id);
        }
        MDC.put(Problem.REQUEST_ID, seen.id);
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException e) {
            // what has begun to be sent can only be broken off
            seen.answered(response.isCommitted() ? response.getStatus() : FAILED);
            throw e;
        } finally {
            AfterAnswer.of(request, seen);
            MDC.remove(Problem.REQUEST_ID);
        }
    }

    /** One request; run when it is answered, perhaps by another thread. */
    private final class Seen implements Runnable {

        private final String id;
        private final String method;
        private final Endpoint endpoint;
        private final long startedAt;
        private final HttpServletResponse response;
        private final AtomicBoolean answered = new AtomicBoolean();

        Seen(String id, String method, Endpoint endpoint, long startedAt, HttpServletResponse response) {
            this.id = id;
            this.method = method;
            this.endpoint = endpoint;
            this.startedAt = startedAt;
            this.response = response;
        }

        /** @param known the status; null for that of the answer */
        void answered(@Nullable Integer known) {
            if (answered.getAndSet(true)) {
                return;
            }
            int status = known == null ? response.getStatus() : known;
            metrics.answered(endpoint, status, System.nanoTime() - startedAt);
            if (status > FAILED && endpoint != Endpoint.HEALTH) {
                // what a 500 is about was said where it came from, and of its health a process tells by itself
                log.warn("A request of {} ({}) was answered with {}", endpoint, method, status);
            } else if (status >= REFUSED) {
                log.debug("A request of {} ({}) was answered with {}", endpoint, method, status);
            }
        }

        @Override
        public void run() {
            try (MDC.MDCCloseable ignored = MDC.putCloseable(Problem.REQUEST_ID, id)) {
                answered(null);
            }
        }
    }
}
