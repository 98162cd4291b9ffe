package logaggregator.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class NextLinkTest {

    @Test
    void parameters_stay_as_they_were_sent() {
        assertThat(next("q=a%20%2B%20b%3D%22c%22&start_time=2026-01-31T12%3A00%3A00Z&app=x&app=y"))
                .isEqualTo("</api/v1/logs?q=a%20%2B%20b%3D%22c%22&start_time=2026-01-31T12%3A00%3A00Z&app=x&app=y"
                        + "&cursor=AAZh>; rel=\"next\"");
    }

    @Test
    void the_page_before_is_replaced() {
        assertThat(next("cursor=old&limit=5&skip=10&q=cursor%3Dold"))
                .isEqualTo("</api/v1/logs?limit=5&q=cursor%3Dold&cursor=AAZh>; rel=\"next\"");
    }

    @Test
    void no_parameters_are_needed() {
        assertThat(next(null)).isEqualTo("</api/v1/logs?cursor=AAZh>; rel=\"next\"");
    }

    private static String next(String query) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/logs");
        request.setQueryString(query);
        return NextLink.with(request, Map.of("cursor", "AAZh"), "skip");
    }
}
