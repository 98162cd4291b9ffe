package logaggregator.ops;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import logaggregator.embedded.EmbeddedServices;
import logaggregator.metrics.Metrics;
import logaggregator.metrics.Metrics.Gauge;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.stereotype.Component;

/** What metrics tell of the process itself. */
@Component
class ProcessGauges {

    private static final List<String> BREAKERS = List.of("queue-breaker", "receipts-breaker");
    private static final List<String> STATES = List.of("closed", "open", "half_open");
    private static final String READERS = "read-queue-";
    private static final String STARTED = "started";

    ProcessGauges(
            Metrics metrics,
            HealthMonitor health,
            Breakers breakers,
            RunningRoutes routes,
            EmbeddedServices embedded,
            ApplicationAvailability availability,
            @Value("${app.roles}") List<String> roles) {
        health.parts().forEach(part -> metrics.watch(Gauge.PART_UP, () -> isUp(health, part), "part", part));
        for (String breaker : BREAKERS) {
            for (String state : STATES) {
                metrics.watch(
                        Gauge.BREAKER,
                        () -> breakers.state(breaker).equals(state) ? 1 : 0,
                        "breaker",
                        breaker,
                        "state",
                        state);
            }
        }
        metrics.watch(Gauge.CONSUMERS, () -> readers(routes));
        metrics.watch(Gauge.EMBEDDED, () -> embedded.runsPostgres() ? 1 : 0, "service", "postgres");
        metrics.watch(Gauge.EMBEDDED, () -> embedded.runsRedis() ? 1 : 0, "service", "redis");
        metrics.watch(Gauge.READY, () -> availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC ? 1 : 0);
        Set.copyOf(roles).forEach(role -> metrics.watch(Gauge.ROLE, () -> 1, "role", role));
        metrics.watch(Gauge.BUILD, () -> 1, "version", version());
    }

    private static int isUp(HealthMonitor health, String part) {
        Map<String, ?> down = health.downSince();
        return down.containsKey(part) ? 0 : 1;
    }

    private static long readers(RunningRoutes routes) {
        return routes.routes().stream()
                .filter(route -> route.id().startsWith(READERS) && route.state().equals(STARTED))
                .count();
    }

    private static String version() {
        return Objects.requireNonNullElse(ProcessGauges.class.getPackage().getImplementationVersion(), "dev");
    }
}
