package routes;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes of the product as definitions, without starting them. */
final class AllRoutes {

    private static final List<String> CHANNELS =
            List.of("print", "webhook", "slack", "email", "telegram", "alertmanager");

    private static final Path YAML_ROUTES = Path.of("src/main/resources/routes");

    private AllRoutes() {}

    /** What the routes take from application.yaml. */
    static Map<String, String> settings(String roles) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "app.roles", roles,
                "ingest.stream", "logs:stream",
                "ingest.group", "ingest-group",
                "ingest.concurrent-consumers", "2",
                "alert.check-interval", "5",
                "notify.timeout-ms", "2000",
                "notify.try-timeout-ms", "500"));
        for (String channel : CHANNELS) {
            settings.put("notify." + channel + ".enabled", "false");
        }
        settings.put("notify.print.enabled", roles.equals("worker") ? "false" : "true");
        return settings;
    }

    /** Those that are written in Java; the policies are with them. */
    static ModelCamelContext inJava(String roles) throws Exception {
        return load(roles, builders());
    }

    /** Those that are written in YAML. */
    static ModelCamelContext inYaml(String roles) throws Exception {
        ModelCamelContext context = load(roles, List.of());
        for (Path file : yamlFiles()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.resolveResource(context, "classpath:routes/" + file.getFileName()));
        }
        return context;
    }

    static ModelCamelContext load(String roles, List<? extends RoutesBuilder> builders) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        Properties properties = new Properties();
        properties.putAll(settings(roles));
        context.getPropertiesComponent().setInitialProperties(properties);
        for (RoutesBuilder builder : builders) {
            context.addRoutes(builder);
        }
        return context;
    }

    /** The ids of the routes that would be started. */
    static List<String> started(ModelCamelContext context) {
        return context.getRouteDefinitions().stream()
                .filter(route -> isIncluded(route, context))
                .map(RouteDefinition::getRouteId)
                .toList();
    }

    /** As Camel does when it starts; it has no public method for it. */
    private static boolean isIncluded(RouteDefinition route, ModelCamelContext context) {
        String precondition = route.getPrecondition();
        return precondition == null || new SimpleExpression(precondition).matches(new DefaultExchange(context));
    }

    private static List<RouteBuilder> builders() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("routes").stream()
                        .filter(type -> type.isAssignableTo(RouteBuilder.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(type -> create(type.reflect()))
                        .toList();
    }

    private static RouteBuilder create(Class<?> type) {
        try {
            return (RouteBuilder) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " can't be made without Spring", e);
        }
    }

    private static List<Path> yamlFiles() throws IOException {
        try (Stream<Path> files = Files.list(YAML_ROUTES)) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }
}
