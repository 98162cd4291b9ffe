package routes;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.StopWatch;

/** Puts the routes of a file of channels into a CamelContext, with the policy of channels, and takes them out again. */
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

    /** A change is to count within five seconds, of which two may pass until it is seen. */
    private static final long PATIENCE_MILLIS = 1_500;

    /** Nothing is waited for any more. */
    private static final long STOP_MILLIS = 500;

    /** Who has passed the entrance counts as under way only a moment later. */
    private static final int QUIET_LOOKS = 5;

    private static final int LOOK_MILLIS = 20;

    private final CamelContext camel;
    private final ChannelTraffic traffic;
    private final Set<String> replacing = ConcurrentHashMap.newKeySet();
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();

    /** @param camel one that runs */
    ChannelRoutes(CamelContext camel, ChannelTraffic traffic) {
        this.camel = camel;
        this.traffic = traffic;
    }

    /** Ids of those that are on the way from one version to the next: who sends to them waits. */
    Set<String> replacing() {
        return Set.copyOf(replacing);
    }

    /** Ids of those that nothing more is to be sent to. */
    Set<String> leaving() {
        return Set.copyOf(leaving);
    }

    /** Ends what {@link #takeOut} began. */
    void letIn() {
        replacing.clear();
        leaving.clear();
    }

    /** @param file its name, which ends with .camel.yaml */
    static void add(CamelContext camel, String file, String text) throws Exception {
        Resource resource = ResourceHelper.fromString(file, text);
        try {
            for (RoutesBuilder builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(resource))) {
                if (builder instanceof RouteBuilder routes) {
                    routes.addLifecycleInterceptor(POLICY);
                }
                camel.addRoutes(builder);
            }
        } catch (LinkageError e) {
            throw new IllegalStateException("a class is missing: " + e.getMessage(), e);
        }
    }

    /**
     * Takes routes out; {@link #letIn} must follow. What is under way is waited for, but not for long: what hangs goes no
     * further than its step, and counts as failed when that ends.
     *
     * @param successors ids of those that will be there again
     */
    void takeOut(List<String> routeIds, List<String> successors) throws Exception {
        routeIds.forEach(id -> (successors.contains(id) ? replacing : leaving).add(id));
        List<String> ids =
                routeIds.stream().filter(id -> camel.getRoute(id) != null).toList();
        ids.stream()
                .filter(successors::contains)
                .map(id -> camel.getRoute(id).getConsumer())
                .forEach(ServiceHelper::suspendService);
        StopWatch watch = new StopWatch();
        for (int quiet = 0; quiet < QUIET_LOOKS && watch.taken() < PATIENCE_MILLIS; ) {
            boolean busy = ids.stream().anyMatch(id -> traffic.underWay(id) > 0);
            quiet = busy ? 0 : quiet + 1;
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        for (String id : ids) {
            camel.getRouteController().stopRoute(id, STOP_MILLIS, TimeUnit.MILLISECONDS, false);
            camel.removeRoute(id);
        }
    }
}
