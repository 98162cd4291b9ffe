package logaggregator.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the schemas of our records as strict as the records are: nothing but their components, each of them always there
 * unless it is left out when it is null or empty, and null only where it is nullable.
 */
class RecordShapes implements ModelConverter {

    private static final String OURS = "logaggregator.";

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> others) {
        if (!others.hasNext()) {
            return null;
        }
        Schema<?> schema = others.next().resolve(type, context, others);
        Class<?> shape = Json31.mapper().constructType(type.getType()).getRawClass();
        if (schema != null && shape.isRecord() && shape.getName().startsWith(OURS)) {
            Schema<?> described = schema.get$ref() == null
                    ? schema
                    : context.getDefinedModels()
                            .get(schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1));
            if (described != null && described.getProperties() != null) {
                close(described, shape);
            }
        }
        return schema;
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static void close(Schema described, Class<?> shape) {
        Map<String, Schema> properties = described.getProperties();
        List<String> required = new ArrayList<>(properties.keySet());
        for (RecordComponent component : shape.getRecordComponents()) {
            String name = name(component);
            if (isLeftOut(component, shape)) {
                required.remove(name);
            } else if (isNullable(component) && properties.containsKey(name)) {
                properties.get(name).addType("null");
            }
        }
        described.setRequired(required);
        described.setAdditionalProperties(false);
    }

    private static String name(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null || named.value().isEmpty() ? component.getName() : named.value();
    }

    private static boolean isLeftOut(RecordComponent component, Class<?> shape) {
        JsonInclude include = shape.getAnnotation(JsonInclude.class);
        return include != null
                && (isNullable(component)
                        || include.value() == JsonInclude.Include.NON_EMPTY
                                && Map.class.isAssignableFrom(component.getType()));
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
