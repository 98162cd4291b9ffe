package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ExplorerFilterTest {

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    @Test
    void a_browser_that_comes_to_the_door_is_led_to_the_explorer() throws Exception {
        MockHttpServletResponse response = ask("/", "q=level%3AERROR&start_time=-1h", BROWSER);

        assertThat(response.getStatus()).isEqualTo(302);
        assertThat(response.getHeader("Location")).isEqualTo("ui/?q=level%3AERROR&start_time=-1h");
        assertThat(response.getHeader("Vary")).isEqualTo("Accept");
        assertThat(ask("/ui", null, BROWSER).getHeader("Location")).isEqualTo("ui/");
    }

    @Test
    void programs_get_what_they_always_got() throws Exception {
        for (String accept : new String[] {"*/*", "application/json", null}) {
            assertThat(ask("/", null, accept).getStatus()).as(accept).isEqualTo(200);
        }
    }

    @Test
    void pages_run_and_show_nothing_from_elsewhere() throws Exception {
        MockHttpServletResponse page = ask("/ui/", null, BROWSER);
        assertThat(page.getForwardedUrl()).isEqualTo("/ui/index.html");
        for (MockHttpServletResponse response : new MockHttpServletResponse[] {page, ask("/ui/main.js", null, "*/*")}) {
            assertThat(response.getHeader("Content-Security-Policy"))
                    .startsWith("default-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http");
            assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(response.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
        }
        assertThat(ask("/api/v1/logs", null, BROWSER).getHeaderNames()).isEmpty();
    }

    private static MockHttpServletResponse ask(String path, String query, String accept)
            throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setQueryString(query);
        if (accept != null) {
            request.addHeader("Accept", accept);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        new ExplorerFilter().doFilter(request, response, new MockFilterChain());
        return response;
    }
}
