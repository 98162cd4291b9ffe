package routes;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import logaggregator.alert.ChannelFile;
import logaggregator.alert.ChannelFile.Problem;
import logaggregator.alert.ChannelRules;
import logaggregator.alert.SecretMask;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Component;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.Service;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Creates the routes of a file in a CamelContext that is thrown away: what Camel can't make routes of must not get near those
 * that run. Nothing is started, so nothing connects to anything. What {@link ChannelRules} don't allow is refused: steps and
 * values before anything is created, endpoints as soon as it is known which a file has, before any of them is used.
 */
final class TrialContext {

    /** As in application.yaml, where there is none. */
    private static final String DEFAULT_SCHEMES = "http,https,smtp,smtps,direct,seda,log,file";

    private final Function<String, @Nullable String> settings;
    private final Function<String, @Nullable Object> beans;
    private final SecretMask secrets;

    /**
     * @param settings what placeholders stand for
     * @param beans those that routes may name
     */
    TrialContext(
            Function<String, @Nullable String> settings, Function<String, @Nullable Object> beans, SecretMask secrets) {
        this.settings = settings;
        this.beans = beans;
        this.secrets = secrets;
    }

    /** What is wrong with the file, null when nothing is. */
    @Nullable
    Problem problem(String file, String text) {
        secrets.learn(text);
        ChannelRules rules = new ChannelRules(
                setting("routes.allowed-schemes", DEFAULT_SCHEMES), Path.of(setting("app.data-dir", "data")));
        Problem problem = rules.problem(text);
        return problem == null ? create(file, text, rules) : problem;
    }

    private String setting(String name, String otherwise) {
        String value = settings.apply(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    private @Nullable Problem create(String file, String text, ChannelRules rules) {
        try (DefaultCamelContext camel = new DefaultCamelContext(false)) {
            camel.disableJMX();
            camel.setAutoStartup(false);
            camel.setSourceLocationEnabled(true);
            camel.getCamelContextExtension().setRegistry(new DefaultRegistry(new NamedBeans(beans)));
            camel.getPropertiesComponent().addPropertiesSource(new Settings(settings));
            ChannelRoutes.add(camel, file, text);
            camel.start();
            return camel.getEndpoints().stream()
                    .map(endpoint -> problem(endpoint.getEndpointUri(), text, rules))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        } catch (Exception e) {
            return describe(text, e);
        }
    }

    private static @Nullable Problem problem(String uri, String text, ChannelRules rules) {
        String problem = rules.problemOfEndpoint(uri);
        return problem == null ? null : new Problem(ChannelFile.lineNamedBy(text, uri), problem);
    }

    private Problem describe(String text, Exception failure) {
        // Camel repeats the whole route before it comes to the reason
        Throwable reason = failure instanceof FailedToCreateRouteException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        while (reason instanceof ResolveEndpointFailedException
                && reason.getCause() instanceof ResolveEndpointFailedException same) {
            reason = same;
        }
        return new Problem(
                ChannelFile.lineNamedBy(text, String.valueOf(reason.getMessage())), secrets.describe(reason));
    }

    private record Settings(Function<String, @Nullable String> settings) implements PropertiesSource {

        @Override
        public String getName() {
            return "settings";
        }

        @Override
        public @Nullable String getProperty(String name) {
            return settings.apply(name);
        }
    }

    /** Without what belongs to the CamelContext that runs: it must not get into another. */
    private record NamedBeans(Function<String, @Nullable Object> beans) implements BeanRepository {

        @Override
        public @Nullable Object lookupByName(String name) {
            Object bean = beans.apply(name);
            boolean ofCamel = bean instanceof Component || bean instanceof CamelContextAware || bean instanceof Service;
            return ofCamel ? null : bean;
        }

        @Override
        public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
            Object bean = lookupByName(name);
            return type.isInstance(bean) ? type.cast(bean) : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return Map.of();
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return Set.of();
        }
    }
}
