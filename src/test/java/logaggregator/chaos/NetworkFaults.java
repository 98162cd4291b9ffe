package logaggregator.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import logaggregator.chaos.Cluster.Node;
import logaggregator.support.TcpProxy;

/** What befalls the network between one process of the service, or all, and a server. */
final class NetworkFaults {

    private NetworkFaults() {}

    static List<Fault> of(Cluster cluster) {
        List<Fault> faults = new ArrayList<>();
        addEach(faults, cluster.nodes(), "Redis", Node::toRedis);
        addEach(faults, cluster.nodes(), "PostgreSQL", Node::toPostgres);
        return faults;
    }

    private static void addEach(List<Fault> faults, List<Node> nodes, String server, Function<Node, TcpProxy> way) {
        nodes.forEach(node -> add(faults, List.of(node), server, way));
        add(faults, nodes, server, way);
    }

    private static void add(List<Fault> faults, List<Node> nodes, String server, Function<Node, TcpProxy> way) {
        Set<String> parts =
                nodes.stream().map(node -> node.name() + " to " + server).collect(Collectors.toSet());
        Consumer<Consumer<TcpProxy>> each = action -> nodes.stream().map(way).forEach(action);
        Fault.Step heal = () -> each.accept(TcpProxy::heal);
        Fault.Step healAndCut = () -> each.accept(proxy -> {
            proxy.cut();
            proxy.heal();
        });
        String to = " to " + server;
        faults.add(new Fault("cut" + to, parts, 0, 500, () -> each.accept(TcpProxy::cut), heal));
        faults.add(new Fault(
                "unreachable" + to,
                parts,
                500,
                5_000,
                () -> each.accept(proxy -> {
                    proxy.refuse(true);
                    proxy.cut();
                }),
                heal));
        faults.add(new Fault(
                "slow" + to,
                parts,
                1_000,
                6_000,
                () -> each.accept(proxy -> proxy.delay(Duration.ofMillis(300))),
                heal));
        faults.add(new Fault("cut in a frame" + to, parts, 500, 1_000, () -> each.accept(TcpProxy::cutHalfway), heal));
        faults.add(new Fault(
                "answers lost" + to,
                parts,
                300,
                4_000,
                () -> each.accept(proxy -> proxy.swallowAnswers(true)),
                healAndCut));
        faults.add(new Fault(
                "silent, then cut" + to,
                parts,
                500,
                6_000,
                () -> each.accept(proxy -> proxy.blackhole(true)),
                healAndCut));
        faults.add(new Fault(
                "silent, then late" + to, parts, 500, 6_000, () -> each.accept(proxy -> proxy.blackhole(true)), heal));
    }
}
