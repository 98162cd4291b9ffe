package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import logaggregator.ingest.Admission;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class AdmissionFilterTest implements Admission {

    private final ObjectMapper json = Jackson2ObjectMapperBuilder.json().build();
    private final AdmissionFilter filter = new AdmissionFilter(this, new ProblemWriter(json));
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final MockFilterChain chain = new MockFilterChain();
    private @Nullable Refusal refusal = new Refusal(429, "queue_full", "later", 17);

    @Override
    public @Nullable Refusal refusal() {
        return refusal;
    }

    @Override
    public int retryAfterSeconds() {
        return 0;
    }

    @Test
    void logs_are_refused_with_the_time_to_come_back() throws Exception {
        send("POST", "/api/v1/ingest");

        assertThat(chain.getRequest()).isNull();
        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.getHeader("Retry-After")).isEqualTo("17");
        assertThat(json.readTree(response.getContentAsString()).get("code").asText())
                .isEqualTo("queue_full");
    }

    @Test
    void logs_pass_while_there_is_room() throws Exception {
        refusal = null;

        send("POST", "/api/v1/ingest");

        assertThat(chain.getRequest()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/v1/logs", "GET, /health", "OPTIONS, /api/v1/ingest", "POST, /api/v1/other"})
    void nothing_else_is_refused(String method, String path) throws Exception {
        send(method, path);

        assertThat(chain.getRequest()).isNotNull();
    }

    private void send(String method, String path) throws Exception {
        filter.doFilter(new MockHttpServletRequest(method, path), response, chain);
    }
}
