package logaggregator.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import logaggregator.chaos.Cluster.Node;
import logaggregator.support.AppProcess;
import logaggregator.support.Eventually;

/** Processes of the service that end, stand still or have the wrong time. */
final class ProcessFaults {

    /** A worker that stands still for longer is taken for dead, and comes back. */
    private static final int TAKEN_FOR_DEAD_MS = 2 * Cluster.CLAIM_IDLE_MS;

    /** SIGTERM: how long the end may take, and with what status it comes. */
    static final Duration TIME_TO_END = Duration.ofSeconds(25);

    static final int ASKED_TO_END = 143;

    /** By how much the clock of a process jumps; it jumps back when it is set right. */
    private static final Map<String, List<Duration>> JUMPS = new TreeMap<>(Map.of(
            "clock set ahead", List.of(Duration.ofSeconds(20), Duration.ofHours(1), Duration.ofDays(10)),
            "clock set back", List.of(Duration.ofSeconds(-20), Duration.ofHours(-1), Duration.ofDays(-10))));

    private ProcessFaults() {}

    static List<Fault> of(Cluster cluster) {
        List<Fault> faults = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            AppProcess app = node.app();
            String part = node.name();
            faults.add(new Fault("service killed", part, 100, 3_000, app::kill, () -> restart(app)));
            faults.add(
                    new Fault("service asked to end", part, 0, 1_000, () -> terminate(part, app), () -> restart(app)));
            faults.add(
                    new Fault("service frozen", part, 300, 5_000, () -> app.signal("STOP"), () -> app.signal("CONT")));
            node.clock()
                    .ifPresent(clock -> JUMPS.forEach((name, errors) -> errors.forEach(error -> faults.add(new Fault(
                            name, part + " clock", 500, 8_000, () -> clock.setWrong(error), clock::setRight)))));
            if (node.stores()) {
                faults.add(new Fault(
                        "worker frozen until taken for dead",
                        part,
                        TAKEN_FOR_DEAD_MS,
                        2 * TAKEN_FOR_DEAD_MS,
                        () -> app.signal("STOP"),
                        () -> app.signal("CONT")));
            }
        }
        return faults;
    }

    private static void restart(AppProcess app) {
        app.kill();
        app.launch();
        Eventually.holds(app::isReady);
    }

    private static void terminate(String name, AppProcess app) {
        try {
            int status = app.terminate(TIME_TO_END);
            if (status != ASKED_TO_END) {
                throw new BrokenPromise(name + " was asked to end, and ended with status " + status);
            }
        } catch (IllegalStateException e) {
            throw new BrokenPromise(name + ": " + e.getMessage());
        }
    }
}
