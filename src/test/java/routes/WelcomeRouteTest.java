package routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

class WelcomeRouteTest extends RouteTest {

    private final ObjectMapper json = new ObjectMapper();

    WelcomeRouteTest() {
        feed("welcome", "direct:request");
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveResource(camel, "classpath:routes/welcome.camel.yaml"));
        return camel;
    }

    @Test
    void says_its_name_and_where_to_go_on() throws Exception {
        Message answer = get();
        JsonNode welcome = json.readTree(answer.getBody(String.class));

        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(welcome.get("name").asText()).isEqualTo("Log Aggregator");
        assertThat(welcome.get("ingest").asText()).isEqualTo("/api/v1/ingest/");
        assertThat(welcome.get("health").asText()).isEqualTo("/health");
    }

    @Test
    void does_not_echo_the_request() {
        assertThat(get().getHeaders()).containsOnlyKeys("Content-Type");
    }

    private Message get() {
        return template()
                .send("direct:request", request -> request.getMessage().setHeaders(Map.of("X-Api-Key", "secret")))
                .getMessage();
    }
}
