package logaggregator.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import logaggregator.support.Endpoints;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the API tells of all that there is, and of nothing else. */
class OpenApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("(?:src|href)=\"([^\"]+)\"");
    private static final Pattern KNOWN = Pattern.compile("known are \\[(.*)]");

    private static final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    private static InProcessApp app;
    private static Description description;

    @BeforeAll
    static void start() {
        app = new InProcessApp(Servers.postgres(), Servers.redis(), "openapi:stream");
        description = DescribedApi.description(app.port());
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void every_endpoint_is_described_and_no_other() throws Exception {
        get("/"); // makes the servlet look for its handlers
        Set<String> endpoints = Endpoints.of(app);
        assertThat(endpoints).hasSizeGreaterThan(20);

        assertThat(description.operations()).isEqualTo(endpoints).contains("POST /api/v1/ingest", "GET /");
    }

    /** An endpoint that is asked with a parameter that it doesn't know names those that it knows. */
    @Test
    void every_parameter_is_described_and_no_other() throws Exception {
        for (String operation : description.operations()) {
            String[] parts = operation.split(" ");
            HttpRequest.Builder request = request(parts[1].replaceAll("\\{\\w+}", "1") + "?nonsense=1")
                    .method(parts[0], HttpRequest.BodyPublishers.noBody());
            Matcher known = KNOWN.matcher(send(request).body());
            Set<String> names = known.find() ? Set.of(known.group(1).split(", ")) : Set.of("");
            if (operation.equals("POST /api/v1/ingest")) {
                names = Set.of("ack", "strict");
            }

            assertThat(description.queryParameters(operation))
                    .as(operation)
                    .isEqualTo(names.equals(Set.of("")) ? Set.of() : names);
        }
    }

    @Test
    void what_can_be_ended_by_its_name_says_so() {
        assertThat(description
                        .operation("GET /api/v1/logs/export")
                        .get("parameters")
                        .toString())
                .contains("query_id");
        assertThat(description
                        .operation("GET /api/v1/logs/tail")
                        .get("parameters")
                        .toString())
                .doesNotContain("query_id");
    }

    @Test
    void everything_is_explained() {
        for (String name : description.operations()) {
            JsonNode operation = description.operation(name);
            assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            assertThat(operation.path("operationId").asText()).as(name).matches("[a-z_]+");
            assertThat(operation.get("tags")).as(name).hasSize(1);
            operation.path("parameters").forEach(parameter -> assertThat(parameter.has("$ref")
                            || parameter.has("description")
                            || parameter.path("in").asText().equals("path"))
                    .as("%s %s", name, parameter)
                    .isTrue());
        }
    }

    @Test
    void the_document_is_valid() throws Exception {
        SwaggerParseResult result =
                new OpenAPIV3Parser().readContents(get("/openapi.json").body());

        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).isNotEmpty();
    }

    @Test
    void every_example_has_the_shape_that_it_is_an_example_of() {
        assertThat(description.checkExamples()).isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/"})
    void people_read_it_in_a_browser_that_knows_this_host_only(String path) throws Exception {
        HttpResponse<String> page = get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        List<String> addresses = ADDRESS.matcher(page.body())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(addresses)
                .anyMatch(address -> address.endsWith(".js"))
                .anyMatch(address -> address.endsWith(".css"));
        for (String address : addresses) {
            URI part = page.uri().resolve(address);
            assertThat(part.getAuthority()).isEqualTo(page.uri().getAuthority());
            assertThat(get(part.getPath()).statusCode()).as(address).isEqualTo(200);
        }
        String settings =
                get(page.uri().resolve("swagger-initializer.js").getPath()).body();
        assertThat(page.body() + settings).doesNotContain("http:", "https:");
        JsonNode config = JSON.readTree(get("/openapi.json/swagger-config").body());
        assertThat(config.get("validatorUrl").asText()).isEmpty();
        assertThat(config.get("url").asText()).isEqualTo("/openapi.json");
        assertThat(get("/openapi.json/").body()).isEqualTo(get("/openapi.json").body());
    }

    /** What {@link AnswersIT} relies on. */
    @Test
    void an_answer_that_is_not_described_is_found() {
        String problem =
                "{\"type\":\"about:blank\",\"title\":\"t\",\"status\":404,\"detail\":\"d\",\"code\":\"not_found\"%s}";
        String good = problem.formatted("");
        String type = "application/problem+json";

        description.check("GET", "/api/v1/logs/7/", 404, header -> type, good);
        assertFound("/api/v1/logs/7", 404, type, problem.formatted(",\"more\":1"));
        assertFound("/api/v1/logs/7", 404, type, good.replace("\"not_found\"", "null"));
        assertFound("/api/v1/logs/7", 404, type, good.replace("\"detail\":\"d\",", ""));
        assertFound("/api/v1/logs/7", 404, "application/json", good);
        assertFound("/api/v1/logs/7", 409, type, good);
        assertFound("/api/v1/logs/export", 404, type, good);
        assertFound("/api/v1/nothing", 404, type, good);
        assertFound("/api/v1/apps/7", 200, "application/json", "{\"id\":7,\"name\":\"n\"}");
    }

    private static void assertFound(String path, int status, String type, String body) {
        assertThatThrownBy(() -> description.check("GET", path, status, header -> type, body))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void a_process_without_the_api_describes_none() throws Exception {
        try (InProcessApp worker =
                new InProcessApp(Servers.postgres(), Servers.redis(), "openapi-worker:stream", "app.roles=worker")) {
            for (String path : List.of("/docs", "/openapi.json", "/swagger-ui/index.html")) {
                assertThat(worker.api().get(path).status()).as(path).isEqualTo(404);
            }
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString(UTF_8));
    }
}
