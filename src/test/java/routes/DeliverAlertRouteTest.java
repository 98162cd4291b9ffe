package routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.ChannelVisit;
import logaggregator.alert.Notices;
import logaggregator.alert.NotifySettings;
import logaggregator.alert.SecretMask;
import logaggregator.metrics.Metrics;
import logaggregator.support.Eventually;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Alerts on the threads that they have in the service. */
class DeliverAlertRouteTest extends RouteTest {

    private static final NotifySettings SETTINGS = new NotifySettings(1_000, 500);

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Faults> recordFaults = new ConcurrentHashMap<>();
    private final Set<Event> told = ConcurrentHashMap.newKeySet();
    private final CountDownLatch released = new CountDownLatch(1);
    private final DeliveryThreads threads = new DeliveryThreads(SETTINGS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    DeliverAlertRouteTest() {
        super(new ErrorPolicies(), new DeliverAlertRoute(), new NotifyRoute(), new Channels());
        SecretMask secrets = SecretMask.of(Map.of());
        bind("notifyThreads", threads);
        bind("channelTriesAgain", ErrorPolicies.channelTriesAgain());
        bind("storeTrouble", (Processor) exchange -> {});
        bind("noteLater", (Processor) exchange -> {});
        bind("channelResults", new ChannelResults(secrets, SETTINGS, new Metrics(new SimpleMeterRegistry())));
        bind("channelPlaces", new ChannelPlaces(SETTINGS));
        bind("notificationChannels", new FakeChannels());
        bind("channel", new FakeChannel());
        bind("channelTurns", new FakeTurns());
        bind("healthMonitor", new FakeHealth());
        bind("alertDedup", new FakeDedup());
        bind("alertDelivery", new FakeDelivery());
        bind("alertBook", new FakeBook());
        feed("note-alerts", "direct:note-alerts");
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        clock.scheduleAtFixedRate(threads::interruptOverdue, 100, 100, TimeUnit.MILLISECONDS);
        return camel;
    }

    @AfterEach
    void release() {
        released.countDown();
        clock.shutdownNow();
        threads.shutdownNow();
    }

    private static final class Channels extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:notify-good").routeConfigurationId("channel").log("${body}");
            from("direct:notify-hangs").routeConfigurationId("channel").bean("channel", "hang");
        }
    }

    /** What a rule is to a route. */
    public record Rule(List<String> channels) {}

    /** What an event is to a route. */
    public record Event(String name, Rule rule, Instant at) {}

    /** Stands in for the channels that are on. */
    public static final class FakeChannels {
        public List<String> choose(List<String> names) {
            return names;
        }

        public ChannelDelivery open(AlertNotice notice, String channel) {
            return new ChannelDelivery(notice, channel);
        }
    }

    /** Stands in for the health monitor. */
    public static final class FakeHealth {
        public void reportTrouble(String part, Exception cause) {}
    }

    /** Stands in for the order at a channel. */
    public final class FakeTurns {
        public String ask(Event event, String channel) {
            return "HAS";
        }

        public void passAfter(ChannelVisit visit, Event event, String channel) {
            visit.whenOver(() -> calls.add(channel + " left"));
        }
    }

    /** A channel that doesn't come back. */
    public final class FakeChannel {
        public void hang() {
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    // that is the point
                }
            }
        }
    }

    /** Stands in for what tells alerts apart. */
    public final class FakeDedup {
        public boolean renew(Event event) {
            return true;
        }

        public void settle(Event event, ChannelResult result) {
            if (result.delivered()) {
                told.add(event);
            }
        }

        public List<Event> toBeNoted() {
            return List.copyOf(told);
        }

        public void keepAll() {}

        public boolean isToBeNoted(Event event) {
            return told.contains(event);
        }

        public void noted(Event event) {
            told.remove(event);
        }

        public void finish(Event event) {
            calls.add("finish " + event.name());
        }
    }

    /** Stands in for what puts alerts into words. */
    public static final class FakeDelivery {
        public AlertNotice describe(Event event) {
            return Notices.firing(event.name(), "");
        }
    }

    /** Stands in for the history. */
    public final class FakeBook {
        public void note(Event event) {
            calls.add("note " + event.name());
        }

        public void record(AlertNotice notice, Instant at, List<ChannelResult> results) {
            recordFaults.getOrDefault(notice.rule(), new Faults()).strike();
            calls.add("record " + notice.rule());
        }
    }

    @Test
    void what_cannot_be_recorded_for_longer_than_channels_may_take_is_recorded_after_all() {
        deliver("a", List.of("good"), 3);

        Eventually.passes(() -> assertThat(calls).contains("finish a"));
        assertThat(calls).containsExactly("good left", "note a", "record a", "finish a");
    }

    @Test
    void an_alert_whose_channel_hangs_does_not_keep_others_from_being_recorded() {
        deliver("a", List.of("hangs"), 3);
        deliver("b", List.of("hangs"), 0);

        Eventually.passes(() -> assertThat(calls).contains("finish a"));
        assertThat(calls).containsExactly("record b", "finish b", "record a", "finish a");
    }

    @Test
    void a_channel_that_hangs_has_its_turn_until_it_is_done_though_it_was_given_up() {
        deliver("a", List.of("hangs", "good"), 0);

        Eventually.passes(() -> assertThat(calls).contains("finish a"));
        assertThat(calls).containsExactly("good left", "note a", "record a", "finish a");
        released.countDown();
        Eventually.passes(() -> assertThat(calls).endsWith("hangs left"));
    }

    @Test
    void more_than_there_are_threads_for_are_recorded_as_not_told() {
        List<String> names = IntStream.range(0, 20).mapToObj(n -> "a" + n).toList();
        threads.setMaximumPoolSize(10);
        names.forEach(name -> deliver(name, List.of("good", "hangs"), 0));

        Eventually.passes(() -> assertThat(calls)
                .containsAll(names.stream().map(name -> "finish " + name).toList()));
        assertThat(calls)
                .containsAll(names.stream().map(name -> "record " + name).toList());
    }

    /** Each further attempt to note it comes twice as late as the one before, the first after half a second. */
    private void deliver(String name, List<String> channels, int faults) {
        recordFaults.computeIfAbsent(name, key -> new Faults()).unavailable(faults);
        template().asyncSendBody("direct:deliver-alert", new Event(name, new Rule(channels), Instant.EPOCH));
    }
}
