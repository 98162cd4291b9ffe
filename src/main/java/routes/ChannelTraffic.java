package routes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts the alerts that are under way in each channel's route, those in versions that were replaced among them. (No RoutePolicySupport: that one stops with the first route that
 * is taken out.) Thread-safe.
 */
@Component
public class ChannelTraffic implements RoutePolicy, RoutePolicyFactory {

    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();

    @Override
    public @Nullable RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        boolean isChannel =
                route instanceof RouteDefinition definition && NotificationChannels.GROUP.equals(definition.getGroup());
        return isChannel ? this : null;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        count(route.getRouteId()).incrementAndGet();
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        count(route.getRouteId()).decrementAndGet();
    }

    @Override
    public void onInit(Route route) {}

    @Override
    public void onRemove(Route route) {}

    @Override
    public void onStart(Route route) {}

    @Override
    public void onStop(Route route) {}

    @Override
    public void onSuspend(Route route) {}

    @Override
    public void onResume(Route route) {}

    /** Alerts in the route of this id. */
    int underWay(String routeId) {
        return count(routeId).get();
    }

    private AtomicInteger count(String routeId) {
        return underWay.computeIfAbsent(routeId, id -> new AtomicInteger());
    }
}
