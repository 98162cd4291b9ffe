package routes;

import java.util.List;
import java.util.Locale;
import logaggregator.ops.RunningRoutes;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.springframework.stereotype.Component;

/** What the routes of this process are doing. Thread-safe. */
@Component
public class RouteStates implements RunningRoutes {

    private final CamelContext camel;

    public RouteStates(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public List<State> routes() {
        return camel.getRoutes().stream().map(this::state).toList();
    }

    private State state(Route route) {
        String id = route.getRouteId();
        // null when it was taken out meanwhile
        ServiceStatus status = camel.getRouteController().getRouteStatus(id);
        return new State(
                id,
                route.getGroup(),
                route.getDescription(),
                (status == null ? ServiceStatus.Stopped : status).name().toLowerCase(Locale.ROOT),
                camel.getInflightRepository().size(id));
    }
}
