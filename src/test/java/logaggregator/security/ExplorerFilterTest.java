package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
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
        for (MockHttpServletResponse response : List.of(page, ask("/ui/main.js", null, "*/*"))) {
            assertThat(response.getHeader("Content-Security-Policy"))
                    .startsWith("default-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http");
            assertThat(response.getHeader("Cache-Control")).isEqualTo("no-cache");
        }
        assertThat(ask("/uis", null, BROWSER).getHeader("Content-Security-Policy"))
                .startsWith("default-src 'none'");
    }

    private static MockHttpServletResponse ask(String path, String query, String accept)
            throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setQueryString(query);
        if (accept != null) {
            request.addHeader("Accept", accept);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        FilterChain explorer =
                (asked, answered) -> new ExplorerFilter().doFilter(asked, answered, new MockFilterChain());
        new HeadersFilter(new ClientAddresses("")).doFilter(request, response, explorer);
        return response;
    }
}
