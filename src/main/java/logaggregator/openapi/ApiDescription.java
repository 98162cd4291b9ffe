package logaggregator.openapi;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import logaggregator.ingest.IngestAnswer;
import logaggregator.tail.LiveLog;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.io.ClassPathResource;

/** Adds to what is known of the controllers what they have in common, and the endpoints that are routes. */
class ApiDescription implements OpenApiCustomizer {

    /** What no controller returns, and clients get all the same. */
    private static final List<Type> SHAPES = List.of(IngestAnswer.Accepted.class, LiveLog.class);

    /** What is below these is answered while Redis and the database are away. */
    private static final List<String> NEED_NO_SERVER =
            List.of("/api/v1/alerts/rules", "/api/v1/alerts/channels", "/api/v1/session", "/api/v1/status");

    /** Open to everybody. */
    private static final String SESSION = "/api/v1/session";

    /** Open to every key. */
    private static final String RECEIPT = "/api/v1/receipts/{id}";

    @Override
    public void customise(OpenAPI api) {
        OpenAPI common = read("openapi/common.yaml");
        api.setInfo(common.getInfo());
        api.setServers(common.getServers());
        api.setTags(common.getTags());
        api.setSecurity(common.getSecurity());
        Components components = common.getComponents();
        Map.copyOf(api.getComponents().getSchemas()).forEach(components::addSchemas);
        for (Type shape : SHAPES) {
            ModelConverters.getInstance(true).readAll(shape).forEach(components::addSchemas);
        }
        components.setSchemas(new TreeMap<>(components.getSchemas()));
        api.setComponents(components);

        Paths paths = new Paths();
        paths.putAll(new TreeMap<>(api.getPaths()));
        paths.putAll(read("openapi/routes.yaml").getPaths());
        // one method answers both, and each needs a name of its own
        Objects.requireNonNull(paths.get("/api/v1/logs/filter")).getGet().setOperationId("filter_logs");
        paths.forEach((path, item) -> item.readOperations().forEach(operation -> addCommonAnswers(path, operation)));
        api.setPaths(paths);
    }

    private static void addCommonAnswers(String path, Operation operation) {
        ApiResponses responses = operation.getResponses();
        responses.putIfAbsent("500", reference("InternalError"));
        if (path.startsWith("/api/") && !path.equals(SESSION)) {
            responses.putIfAbsent("401", reference("Unauthorized"));
            if (!path.equals(RECEIPT)) {
                responses.putIfAbsent("403", reference("Forbidden"));
            }
        }
        if (path.startsWith("/api/")) {
            responses.putIfAbsent("400", reference("InvalidRequest"));
            if (NEED_NO_SERVER.stream().noneMatch(path::startsWith)) {
                responses.putIfAbsent("503", reference("Unavailable"));
            }
        }
        ApiResponses inOrder = new ApiResponses();
        inOrder.putAll(new TreeMap<>(responses));
        operation.setResponses(inOrder);
    }

    static ApiResponse reference(String response) {
        return new ApiResponse().$ref("#/components/responses/" + response);
    }

    private static OpenAPI read(String resource) {
        try (InputStream yaml = new ClassPathResource(resource).getInputStream()) {
            return Yaml31.mapper().readValue(yaml, OpenAPI.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
