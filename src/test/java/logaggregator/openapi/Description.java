package logaggregator.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a service says of itself, to hold its answers against. Thread-safe. */
final class Description {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    Description(JsonNode document) {
        this.document = document;
    }

    /** All operations, as {@code GET /api/v1/logs}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.get("paths").fields().forEachRemaining(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    JsonNode operation(String operation) {
        String[] parts = operation.split(" ");
        return document.get("paths").get(parts[1]).get(parts[0].toLowerCase(Locale.ROOT));
    }

    /** The names of the parameters of an operation that are in the query. */
    Set<String> queryParameters(String operation) {
        Set<String> names = new TreeSet<>();
        operation(operation).path("parameters").forEach(reference -> {
            JsonNode parameter = resolve(reference);
            if (parameter.get("in").asText().equals("query")) {
                names.add(parameter.get("name").asText());
            }
        });
        return names;
    }

    /** Fails unless an answer is as described; notes that it was seen. */
    void check(String method, String path, int status, UnaryOperator<@Nullable String> header, String body) {
        String operation = operation(method, path);
        String what = operation + " " + status;
        JsonNode response = resolve(operation(operation).get("responses").path(Integer.toString(status)));
        assertThat(response.isMissingNode())
                .as("%s is not described: %s", what, body)
                .isFalse();
        response.path("headers").fields().forEachRemaining(described -> {
            String value = header.apply(described.getKey());
            JsonNode rules = resolve(described.getValue());
            if (value == null) {
                assertThat(rules.path("required").asBoolean())
                        .as("%s lacks header %s", what, described.getKey())
                        .isFalse();
            } else {
                boolean number = rules.at("/schema/type").asText().equals("integer");
                validate(
                        rules.get("schema").toString(),
                        number
                                ? JSON.getNodeFactory().numberNode(Long.parseLong(value))
                                : JSON.getNodeFactory().textNode(value),
                        what + " " + described.getKey());
            }
        });
        if (status == 204) {
            assertThat(body).isEmpty();
            seen.add(what);
            return;
        }
        String type = String.valueOf(header.apply("Content-Type")).replaceFirst(";.*", "");
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode())
                .as("%s as %s is not described", what, type)
                .isFalse();
        documents(type, body).forEach(part -> validate(schema.toString(), read(part), what));
        seen.add(what);
    }

    /** What is described and was never seen. */
    Set<String> unseen() {
        Set<String> unseen = new TreeSet<>();
        for (String operation : operations()) {
            operation(operation)
                    .get("responses")
                    .fieldNames()
                    .forEachRemaining(status -> unseen.add(operation + " " + status));
        }
        unseen.removeAll(seen);
        return unseen;
    }

    /** Fails unless some JSON has a shape of {@code components/schemas}. */
    void checkShape(String name, String json) {
        validate("{\"$ref\":\"#/components/schemas/" + name + "\"}", read(json), name);
    }

    /** Fails unless each example is what its schema allows; returns how many there are. */
    int checkExamples() {
        List<JsonNode> contents = document.findValues("content");
        int count = 0;
        for (JsonNode content : contents) {
            for (var type : (Iterable<Map.Entry<String, JsonNode>>) content::fields) {
                JsonNode media = type.getValue();
                List<JsonNode> examples = Stream.concat(
                                Stream.of(media.path("example")),
                                StreamSupport.stream(media.path("examples").spliterator(), false)
                                        .map(example -> example.get("value")))
                        .filter(example -> !example.isMissingNode())
                        .toList();
                for (JsonNode example : examples) {
                    count++;
                    String text = example.isTextual() ? example.asText() : example.toString();
                    documents(type.getKey(), text)
                            .forEach(part -> validate(media.get("schema").toString(), read(part), text));
                }
            }
        }
        return count;
    }

    /** What is shown as text is any text. */
    private static Stream<String> documents(String type, String body) {
        return switch (type) {
            case "application/json", "application/problem+json" -> Stream.of(body);
            case "application/x-ndjson" -> body.lines();
            default -> Stream.of(JSON.getNodeFactory().textNode(body).toString());
        };
    }

    private String operation(String method, String path) {
        String plain = path.replaceFirst("\\?.*", "").replaceFirst("(?<=.)/$", "");
        return operations().stream()
                .filter(operation -> operation.startsWith(method + " "))
                .filter(operation -> plain.matches(operation.split(" ")[1].replaceAll("\\{\\w+}", "[^/]+")))
                .min(Comparator.comparing(operation -> operation.contains("{")))
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not described"));
    }

    private JsonNode resolve(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode() ? node : document.at(reference.asText().substring(1));
    }

    private void validate(String schema, JsonNode value, String what) {
        assertThat(schemas.computeIfAbsent(schema, this::compile).validate(value))
                .as("%s: %s", what, value)
                .isEmpty();
    }

    /** References lead into the document, so the schema is put into it. */
    private JsonSchema compile(String schema) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", document.get("components"));
        whole.setAll((ObjectNode) read(schema));
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(
                        whole,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }
}
