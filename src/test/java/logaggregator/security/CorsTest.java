package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import logaggregator.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What CORS_ORIGINS may say. */
class CorsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "https://shop.example.com, *", "*", "https://shop.example.com"})
    void no_page_of_others_comes_with_credentials(String origins) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("OPTIONS", "/api/v1/logs/");
        request.addHeader("Origin", "https://shop.example.com");
        request.addHeader("Access-Control-Request-Method", "GET");
        MockHttpServletResponse response = new MockHttpServletResponse();

        new WebConfiguration().corsFilter(origins).getFilter().doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(origins.isEmpty() ? 403 : 200);
        assertThat(response.getHeader("Access-Control-Allow-Credentials")).isNull();
        assertThat(response.getHeader("Access-Control-Allow-Methods")).isIn(null, "GET,POST,DELETE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example.com",
                "https://*.example.com",
                "https://shop.example.com/page",
                "https://a.example https://b.example",
                "null"
            })
    void what_is_no_origin_stops_the_start(String origins) {
        assertThatThrownBy(() -> new WebConfiguration().corsFilter(origins))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("CORS_ORIGINS");
    }

    @Test
    void without_origins_a_page_of_others_is_refused() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/logs/");
        request.addHeader("Origin", "https://shop.example.com");
        MockHttpServletResponse response = new MockHttpServletResponse();

        new WebConfiguration().corsFilter("").getFilter().doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(403);
    }
}
