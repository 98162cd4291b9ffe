package logaggregator.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Brings APP_ROLES, which says what this process runs, into the one form that the preconditions of routes and the
 * conditions of controllers understand: {@code api}, {@code worker} and {@code alerts}, with commas. Empty means all. What
 * has no API doesn't describe one.
 */
public class RolesPostProcessor implements EnvironmentPostProcessor, Ordered {

    private static final List<String> ROLES = List.of("api", "worker", "alerts");

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE; // after application.yaml was read
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String roles = normalize(environment.getProperty("app.roles", ""));
        boolean api = roles.contains("api");
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "roles",
                        Map.of(
                                "app.roles", roles,
                                "springdoc.api-docs.enabled", api,
                                "springdoc.swagger-ui.enabled", api)));
    }

    /** {@code " API,worker"} → {@code "api,worker"}. */
    static String normalize(String setting) {
        List<String> named = Arrays.stream(setting.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .toList();
        if (!ROLES.containsAll(named)) {
            throw new InvalidSettingException(
                    "APP_ROLES", "may hold " + String.join(", ", ROLES) + " and nothing else");
        }
        return ROLES.stream()
                .filter(role -> named.isEmpty() || named.contains(role))
                .collect(Collectors.joining(","));
    }
}
