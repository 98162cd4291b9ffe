package logaggregator.alert;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import logaggregator.alert.ChannelFile.Problem;
import org.jspecify.annotations.Nullable;

/** Compares a file with the description of Camel's YAML that comes with Camel: mistyped steps and options have a line then. */
final class CamelYamlSchema {

    private static final int MOST_PROBLEMS = 3;

    private static @Nullable JsonSchema schema;

    private CamelYamlSchema() {}

    static List<Problem> check(YamlDocument document) {
        Set<ValidationMessage> messages = schema().validate(document.root());
        int deepest = messages.stream().mapToInt(CamelYamlSchema::depth).max().orElse(0);
        boolean onlyAlternatives =
                messages.stream().filter(message -> depth(message) == deepest).allMatch(CamelYamlSchema::isAlternative);
        // of alternatives, of which none fits, the deepest message is from the one that was meant
        return messages.stream()
                .filter(message -> depth(message) == deepest)
                .filter(message -> onlyAlternatives || !isAlternative(message))
                .sorted(Comparator.comparing(CamelYamlSchema::rank))
                .map(message -> new Problem(line(document, message), text(message)))
                .distinct()
                .limit(MOST_PROBLEMS)
                .toList();
    }

    private static boolean isAlternative(ValidationMessage message) {
        return List.of("oneOf", "anyOf", "not").contains(message.getType());
    }

    private static int rank(ValidationMessage message) {
        return "additionalProperties".equals(message.getType()) ? 0 : 1;
    }

    private static int depth(ValidationMessage message) {
        return message.getInstanceLocation().getNameCount();
    }

    private static int line(YamlDocument document, ValidationMessage message) {
        String at = message.getInstanceLocation().toString();
        return document.line(message.getProperty() == null ? at : at + "/" + message.getProperty());
    }

    private static String text(ValidationMessage message) {
        String text = String.valueOf(message.getMessage());
        String at = message.getInstanceLocation() + ": ";
        return text.startsWith(at) ? text.substring(at.length()) : text;
    }

    /** It has 800 KB, so it is read when it is first needed. */
    private static synchronized JsonSchema schema() {
        if (schema == null) {
            try (InputStream json = CamelYamlSchema.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
                if (json == null) {
                    throw new IllegalStateException("camel-yaml-dsl has no schema");
                }
                // as a whole, with all that it refers to in each place, it would take 270 MB
                SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .preloadJsonSchema(false)
                        .cacheRefs(false)
                        .build();
                schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
                        .getSchema(json, config);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return schema;
    }
}
