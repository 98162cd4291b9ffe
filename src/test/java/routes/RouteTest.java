package routes;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.CamelTestSupport;

/** Starts the given routes with fakes in place of the beans they call by name, and without anything outside. */
abstract class RouteTest extends CamelTestSupport {

    private final RoutesBuilder[] routes;
    private final Map<String, Object> beans = new HashMap<>();

    RouteTest(RoutesBuilder... routes) {
        this.routes = routes;
    }

    /** To be called by constructors. */
    final void bind(String name, Object bean) {
        beans.put(name, bean);
    }

    /** Has what is sent to {@code uri} handled by the route instead of what its real endpoint takes in. */
    final void feed(String routeId, String uri) {
        camelContextConfiguration().replaceRouteFromWith(routeId, uri);
    }

    /** Sends a body, as one who waits for the answer, and returns what became of it, an exception included. */
    final Exchange send(String uri, Object body) {
        return template().send(uri, ExchangePattern.InOut, exchange -> exchange.getMessage()
                .setBody(body));
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        Properties properties = new Properties();
        properties.putAll(AllRoutes.settings("api,worker,alerts"));
        configuration.withUseOverridePropertiesWithPropertiesComponent(properties);
        configuration.withRegistryBinder(registry -> beans.forEach(registry::bind));
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() {
        return routes;
    }
}
