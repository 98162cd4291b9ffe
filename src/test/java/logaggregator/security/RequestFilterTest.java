package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import logaggregator.metrics.Metrics;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What is counted of requests that end with an exception. */
class RequestFilterTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RequestFilter filter = new RequestFilter(new Metrics(registry));

    @Test
    void whoever_was_told_nothing_yet_is_told_500() {
        breakOff((request, response) -> {
            throw new ServletException("broken");
        });

        assertThat(counted("500")).isEqualTo(1);
    }

    /** An export ends so whose key is revoked meanwhile. */
    @Test
    void what_a_client_was_told_already_is_no_error_of_the_service() {
        breakOff((request, response) -> {
            response.flushBuffer();
            throw new ServletException("broken off");
        });

        assertThat(counted("200")).isEqualTo(1);
    }

    private void breakOff(FilterChain rest) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/logs/export");
        assertThatThrownBy(() -> filter.doFilter(request, new MockHttpServletResponse(), rest))
                .isInstanceOf(ServletException.class);
    }

    private long counted(String status) {
        return registry.get("logaggregator.requests").tag("status", status).timer().count();
    }
}
