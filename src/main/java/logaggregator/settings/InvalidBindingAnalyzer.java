package logaggregator.settings;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;
import org.springframework.validation.FieldError;

/** Names the environment variable when a number is not a number or out of its range. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public class InvalidBindingAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("ingest.max-message-length", "MAX_MESSAGE_LENGTH"),
            Map.entry("ingest.max-body-bytes", "MAX_BODY_BYTES"),
            Map.entry("ingest.max-records", "MAX_RECORDS"),
            Map.entry("alert.public-url", "PUBLIC_URL"),
            Map.entry("server.port", "PORT"),
            Map.entry("server.address", "BIND_ADDRESS"),
            Map.entry("management.server.port", "MANAGEMENT_PORT"),
            Map.entry("management.server.address", "MANAGEMENT_ADDRESS"),
            Map.entry("shutdown.delay", "SHUTDOWN_DELAY"),
            Map.entry("access.allow-anonymous", "ALLOW_ANONYMOUS"),
            Map.entry("limits.logs-per-minute-per-address", "RATE_LIMIT_PER_IP"),
            Map.entry("limits.new-apps", "MAX_NEW_APPS"),
            Map.entry("access.logs-per-minute-per-key", "RATE_LIMIT_PER_KEY"));

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        return new FailureAnalysis(
                describe(cause), "Correct the setting and start again; README.md lists them all.", cause);
    }

    private static String describe(BindException cause) {
        if (cause.getCause() instanceof BindValidationException invalid) {
            return invalid.getValidationErrors().getAllErrors().stream()
                    .map(error -> error instanceof FieldError field
                            ? variable(invalid.getValidationErrors().getName(), field.getField()) + " "
                                    + field.getDefaultMessage()
                            : String.valueOf(error.getDefaultMessage()))
                    .collect(Collectors.joining("\n"));
        }
        return variable(cause.getName()) + " must be "
                + expected(ClassUtils.resolvePrimitiveIfNecessary(
                        cause.getTarget().getType().resolve(Object.class)));
    }

    private static String expected(Class<?> type) {
        if (type == InetAddress.class) {
            return "an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them";
        }
        return type == Boolean.class
                ? "true or false"
                : Number.class.isAssignableFrom(type) ? "a number" : type.getName();
    }

    private static String variable(ConfigurationPropertyName prefix, String field) {
        return variable(prefix.append(field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)));
    }

    /** {@code ingest.batch-size} → {@code INGEST_BATCH_SIZE}, the way application.yaml names most of its variables. */
    private static String variable(ConfigurationPropertyName property) {
        String other = OTHER_NAMES.get(property.toString());
        if (other != null) {
            return other;
        }
        return property.toString().toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_') + " (" + property + ")";
    }
}
