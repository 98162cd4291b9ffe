package routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import logaggregator.alert.Notices;
import logaggregator.alert.NotifySettings;
import logaggregator.alert.SecretMask;
import logaggregator.metrics.Metrics;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Channels come and go while alerts are sent. */
class NotificationChannelsTest {

    @Test
    void a_channel_that_is_taken_out_at_the_same_moment_is_left_out() throws Exception {
        try (ContextThatLooksLate camel = new ContextThatLooksLate()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:notify-gone")
                            .routeId("notify-gone")
                            .routeGroup("notify")
                            .stop();
                    from("direct:notify-there")
                            .routeId("notify-there")
                            .routeGroup("notify")
                            .stop();
                }
            });
            camel.start();
            camel.seen = camel.getRoutesByGroup("notify");
            camel.getRouteController().stopRoute("notify-gone");
            camel.removeRoute("notify-gone");

            assertThat(channels(camel).choose(List.of())).containsExactly("there");
            assertThat(channels(camel)
                            .open(Notices.firing("ERROR", "m"), "gone")
                            .isUnderWay())
                    .isFalse();
        }
    }

    /** Tells of routes that were there a moment ago. */
    private static final class ContextThatLooksLate extends DefaultCamelContext {
        private List<Route> seen;

        @Override
        public List<Route> getRoutesByGroup(String group) {
            return seen == null ? super.getRoutesByGroup(group) : seen;
        }
    }

    private static NotificationChannels channels(DefaultCamelContext camel) {
        SecretMask secrets = SecretMask.of(Map.of());
        ChannelLoader noFiles = new ChannelLoader(
                camel,
                new ChannelFolder(Path.of("target/no-such-folder")),
                new TrialContext(name -> null, name -> null, secrets),
                secrets,
                new ChannelTraffic(),
                Clock.systemUTC());
        ChannelResults results =
                new ChannelResults(secrets, new NotifySettings(2_000, 500), new Metrics(new SimpleMeterRegistry()));
        return new NotificationChannels(camel, noFiles, results, Clock.systemUTC());
    }
}
