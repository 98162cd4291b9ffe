package routes;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.StopWatch;

/** Puts the routes of a file of channels into a CamelContext, with the policy of channels. */
final class ChannelRoutes {

    private static final RouteBuilderLifecycleStrategy POLICY = new RouteBuilderLifecycleStrategy() {
        @Override
        public void afterConfigure(RouteBuilder builder) {
            builder.getRouteCollection().getRoutes().forEach(route -> {
                route.setRouteConfigurationId("channel");
                route.markUnprepared(); // so that the policy is applied
            });
        }
    };

    private static final long PATIENCE_MILLIS = 3_000;

    /** Who has passed the entrance counts as under way only a moment later. */
    private static final int QUIET_LOOKS = 5;

    private static final int LOOK_MILLIS = 20;

    private ChannelRoutes() {}

    /** @param file its name, which ends with .camel.yaml */
    static void add(CamelContext camel, String file, String text) throws Exception {
        Resource resource = ResourceHelper.fromString(file, text);
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(resource))) {
            if (builder instanceof RouteBuilder routes) {
                routes.addLifecycleInterceptor(POLICY);
            }
            camel.addRoutes(builder);
        }
    }

    /**
     * Takes routes out of a CamelContext that runs, all or none. What is under way is waited for; Camel alone would let
     * everything in for as long as it waits, and then turn away all exchanges of all routes.
     *
     * @param successors ids of those that will be there again: who sends to them meanwhile waits; nobody must send to others
     * @throws IllegalStateException if what is under way doesn't end; then the routes go on
     */
    static void remove(CamelContext camel, List<String> routeIds, List<String> successors) throws Exception {
        List<String> ids =
                routeIds.stream().filter(id -> camel.getRoute(id) != null).toList();
        List<Consumer> entrances = ids.stream()
                .filter(successors::contains)
                .map(id -> camel.getRoute(id).getConsumer())
                .toList();
        entrances.forEach(ServiceHelper::suspendService);
        StopWatch watch = new StopWatch();
        for (int quiet = 0; quiet < QUIET_LOOKS; ) {
            boolean busy =
                    ids.stream().anyMatch(id -> camel.getInflightRepository().size(id) > 0);
            quiet = busy ? 0 : quiet + 1;
            if (watch.taken() > PATIENCE_MILLIS) {
                entrances.forEach(ServiceHelper::resumeService);
                throw new IllegalStateException("alerts are under way in the version in use; it is tried again");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        for (String id : ids) {
            camel.getRouteController().stopRoute(id, PATIENCE_MILLIS, TimeUnit.MILLISECONDS, true);
            camel.removeRoute(id);
        }
    }
}
