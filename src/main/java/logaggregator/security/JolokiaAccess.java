package logaggregator.security;

import java.util.Set;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * What may be done over Jolokia, and so in Hawtio: look at routes and at the JVM, start and stop routes. Nothing is sent, changed
 * or dumped, and nothing shown that may hold a secret: addresses of channels are endpoints, and settings are properties of the
 * JVM. Who may come at all is up to {@link ManagementFilter}. Thread-safe.
 */
@Component
class JolokiaAccess implements Restrictor {

    private static final Logger audit = LoggerFactory.getLogger("logaggregator.security.Audit");

    private static final String CAMEL = "org.apache.camel";
    private static final String ROUTES = "routes";
    private static final String CONTEXT = "context";

    private static final Set<RequestType> COMMANDS =
            Set.of(RequestType.READ, RequestType.EXEC, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION);

    private static final Set<String> CAMEL_TYPES = Set.of(CONTEXT, ROUTES, "processors", "threadpools");

    /** Of these the names are enough. */
    private static final Set<String> CAMEL_TYPES_TO_READ = Set.of(CONTEXT, ROUTES, "threadpools");

    private static final Set<String> JVM = Set.of("java.lang", "java.nio");
    private static final Set<String> SECRETS = Set.of("SystemProperties", "InputArguments", "GlobalOptions");

    /** As they are written in routes: with placeholders, not with what these stand for. */
    private static final Set<String> OF_CONTEXT = Set.of("dumpRoutesAsXml()", "dumpRoutesStatsAsXml");

    private static final Set<String> OF_ROUTES = Set.of("dumpRouteAsXml()", "isUpdateRouteEnabled()");
    private static final Set<String> SWITCHES = Set.of("start()", "stop()");

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.POST;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return COMMANDS.contains(type);
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return !JVM.contains(name.getDomain()) && !(name.getDomain().equals(CAMEL) && CAMEL_TYPES.contains(type(name)));
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        boolean isCamels = name.getDomain().equals(CAMEL) && CAMEL_TYPES_TO_READ.contains(type(name));
        return (isCamels || JVM.contains(name.getDomain())) && !SECRETS.contains(attribute);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return false;
    }

    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        if (!name.getDomain().equals(CAMEL)) {
            return false;
        }
        if (type(name).equals(ROUTES) && SWITCHES.contains(operation)) {
            audit.info(
                    "{}: {} of route {}", MDC.get(ManagementFilter.OPERATOR), operation, name.getKeyProperty("name"));
            return true;
        }
        return switch (type(name)) {
            case CONTEXT -> OF_CONTEXT.contains(operation);
            case ROUTES -> OF_ROUTES.contains(operation);
            default -> false;
        };
    }

    private static String type(ObjectName name) {
        @Nullable String type = name.getKeyProperty("type");
        return type == null ? "" : type;
    }

    @Override
    public boolean isRemoteAccessAllowed(String... hosts) {
        return true;
    }

    /** Pages of others don't come as far as this, and are never told that they may look at an answer. */
    @Override
    public boolean isOriginAllowed(@Nullable String origin, boolean strictly) {
        return strictly;
    }

    /** A proxy that speaks TLS for us is none of Jolokia's business. */
    @Override
    public boolean ignoreScheme() {
        return true;
    }
}
