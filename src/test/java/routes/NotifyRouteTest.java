package routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import logaggregator.alert.AlertNotice;
import logaggregator.alert.ChannelResult;
import logaggregator.alert.Notices;
import logaggregator.alert.NotifySettings;
import logaggregator.alert.SecretMask;
import logaggregator.metrics.Metrics;
import logaggregator.support.Eventually;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotifyRouteTest extends RouteTest {

    private static final AlertNotice NOTICE = Notices.firing("ERROR", "ERROR: 12 logs in 60s");
    private static final NotifySettings SETTINGS = new NotifySettings(2_000, 500);

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger stuck = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<Object> told = new AtomicReference<>();
    private final DeliveryThreads threads = new DeliveryThreads(SETTINGS);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private NotificationChannels channels;

    NotifyRouteTest() {
        super(new ErrorPolicies(), new NotifyRoute());
        bind("notifyThreads", threads);
        bind("channelTriesAgain", ErrorPolicies.channelTriesAgain());
        bind("storeTrouble", (org.apache.camel.Processor) exchange -> {});
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        Clock clock = Clock.systemUTC();
        SecretMask secrets = SecretMask.of(Map.of("SECRET", "s3cret-word"));
        ChannelTraffic traffic = new ChannelTraffic();
        ChannelResults results = new ChannelResults(secrets, SETTINGS, new Metrics(new SimpleMeterRegistry()));
        ChannelLoader noFiles = new ChannelLoader(
                camel,
                new ChannelFolder(Path.of("target/no-such-folder")),
                new TrialContext(name -> null, name -> null, secrets),
                secrets,
                traffic,
                clock);
        channels = new NotificationChannels(camel, noFiles, results, clock);
        camel.addRoutePolicyFactory(traffic);
        camel.getRegistry().bind("channelResults", results);
        camel.getRegistry().bind("channelPlaces", new ChannelPlaces(SETTINGS));
        camel.getRegistry().bind("notificationChannels", channels);
        return camel;
    }

    @AfterEach
    void release() {
        released.countDown();
        threads.shutdownNow();
        callers.shutdownNow();
    }

    @Test
    void every_channel_is_told_the_same() throws Exception {
        channel("one", exchange -> told.set(exchange.getMessage().getBody()));
        channel("two", exchange -> calls.incrementAndGet());

        List<ChannelResult> results = tell();

        assertThat(results).extracting(ChannelResult::channel).containsExactlyInAnyOrder("one", "two");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.delivered()).isTrue();
            assertThat(result.attempts()).isEqualTo(1);
            assertThat(result.error()).isNull();
        });
        assertThat(told.get()).isEqualTo(NOTICE.body());
    }

    @Test
    void a_channel_that_fails_is_tried_three_times_and_its_neighbour_told_once() throws Exception {
        channel("good", exchange -> calls.incrementAndGet());
        channel("bad", exchange -> {
            stuck.incrementAndGet();
            throw new IllegalStateException("https://hooks.example/s3cret said s3cret-word");
        });

        List<ChannelResult> results = tell();

        assertThat(result(results, "bad").delivered()).isFalse();
        assertThat(result(results, "bad").attempts()).isEqualTo(3);
        assertThat(result(results, "bad").error()).isEqualTo("https://hooks.example/*** said ***");
        assertThat(stuck).hasValue(3);
        assertThat(result(results, "good").delivered()).isTrue();
        assertThat(calls).hasValue(1);
        assertThat(channels.channels())
                .filteredOn(channel -> channel.failed() > 0)
                .extracting("name")
                .isEmpty(); // neither built in nor of a file
    }

    @Test
    void what_works_the_third_time_is_delivered() throws Exception {
        channel("shaky", exchange -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
        });

        ChannelResult result = tell().get(0);

        assertThat(result.delivered()).isTrue();
        assertThat(result.attempts()).isEqualTo(3);
    }

    @Test
    void a_channel_that_hangs_delays_nobody_and_is_given_up() throws Exception {
        channel("hangs", this::hang);
        channel("print", exchange -> told.set(System.nanoTime()));

        long start = System.nanoTime();
        List<ChannelResult> results = tell();

        assertThat((long) told.get() - start).isLessThan(1_000_000_000L);
        assertThat(result(results, "print").delivered()).isTrue();
        assertThat(result(results, "print").tookMillis()).isLessThan(1_000);
        assertThat(result(results, "hangs").delivered()).isFalse();
        assertThat(result(results, "hangs").error()).contains("no answer within 2000 ms");
    }

    @Test
    void a_channel_that_hangs_for_ever_uses_up_no_more_than_its_share_of_threads() throws Exception {
        channel("hangs", this::hangWhateverHappens);
        channel("print", exchange -> calls.incrementAndGet());

        List<List<ChannelResult>> answers = tellAtOnce(30);

        assertThat(calls).hasValue(30);
        assertThat(answers).allSatisfy(results -> {
            assertThat(result(results, "print").delivered()).isTrue();
            assertThat(result(results, "print").tookMillis()).isLessThan(1_000);
            assertThat(result(results, "hangs").delivered()).isFalse();
        });
        assertThat(stuck).hasValue(8);
        ChannelResult refused = result(tell(), "hangs");
        assertThat(refused.error()).contains("still under way");
        assertThat(refused.attempts()).isZero();
    }

    @Test
    void a_channel_that_is_only_slow_takes_one_after_the_other() throws Exception {
        AtomicInteger most = new AtomicInteger();
        channel("slow", exchange -> {
            most.accumulateAndGet(stuck.incrementAndGet(), Math::max);
            TimeUnit.MILLISECONDS.sleep(100);
            stuck.decrementAndGet();
            calls.incrementAndGet();
        });

        assertThat(tellAtOnce(60))
                .allSatisfy(results ->
                        assertThat(result(results, "slow").delivered()).isTrue());
        assertThat(calls).hasValue(60);
        assertThat(most).hasValue(8);
    }

    @Test
    void what_a_slow_channel_has_no_time_for_is_not_told_and_counts_as_that() throws Exception {
        channel("slow", exchange -> {
            TimeUnit.MILLISECONDS.sleep(300);
            calls.incrementAndGet();
        });

        List<List<ChannelResult>> answers = tellAtOnce(60);

        long told = answers.stream()
                .filter(results -> result(results, "slow").delivered())
                .count();
        assertThat(told).isBetween(8L, 56L);
        assertThat(calls).hasValue((int) told);
    }

    @Test
    void what_hangs_in_a_version_that_was_replaced_is_nothing_to_the_next_one() throws Exception {
        channel("mended", this::hangWhateverHappens);
        tellAtOnce(ChannelPlaces.MOST_AT_ONCE + 1);
        assertThat(stuck).hasValue(ChannelPlaces.MOST_AT_ONCE);

        context().getRouteController().stopRoute("notify-mended", 100, TimeUnit.MILLISECONDS, false);
        context().removeRoute("notify-mended");
        channel("mended", exchange -> calls.incrementAndGet());

        assertThat(result(tell(), "mended").delivered()).isTrue();
        assertThat(calls).hasValue(1);
    }

    @Test
    void a_channel_may_end_its_route_early_as_often_as_it_likes() throws Exception {
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:notify-choosy")
                        .routeId("notify-choosy")
                        .routeGroup("notify")
                        .routeConfigurationId("channel")
                        .process(exchange -> calls.incrementAndGet())
                        .stop();
            }
        });

        for (int i = 1; i <= ChannelPlaces.MOST_AT_ONCE + 1; i++) {
            assertThat(result(tell(), "choosy").delivered()).isTrue();
            assertThat(calls).hasValue(i);
        }
    }

    @Test
    void a_channel_that_is_interrupted_between_two_tries_gives_its_place_back() throws Exception {
        channel("bad", exchange -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("not today");
        });

        for (int i = 1; i <= ChannelPlaces.MOST_AT_ONCE + 1; i++) {
            assertThat(result(tell(), "bad").error()).doesNotContain("still under way");
        }
    }

    @Test
    void what_was_given_up_is_not_tried_again() throws Exception {
        channel("late", exchange -> {
            calls.incrementAndGet();
            released.await();
            throw new IllegalStateException("too late");
        });

        assertThat(result(tell(), "late").error()).contains("no answer within");
        released.countDown();
        Eventually.passes(() -> assertThat(context().getInflightRepository().size("notify-late"))
                .isZero());
        assertThat(calls).hasValue(1);
    }

    private List<List<ChannelResult>> tellAtOnce(int alerts) {
        return Stream.generate(() -> CompletableFuture.supplyAsync(this::tell, callers)).limit(alerts).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    @Test
    void what_hangs_is_interrupted_in_the_end() throws Exception {
        channel("hangs", this::hang);
        tell();

        Eventually.passes(() -> {
            threads.interruptOverdue();
            assertThat(stuck).hasValue(0);
        });
        assertThat(context().getInflightRepository().size("notify-hangs")).isZero();
    }

    @Test
    void only_the_channels_asked_for_are_told() throws Exception {
        channel("one", exchange -> calls.incrementAndGet());
        channel("two", exchange -> told.set("wrong"));

        List<ChannelResult> results = tell("one", "nobody");

        assertThat(result(results, "one").delivered()).isTrue();
        assertThat(result(results, "nobody").delivered()).isFalse();
        assertThat(result(results, "nobody").error()).contains("no such channel");
        assertThat(told).hasNullValue();
    }

    @Test
    void a_channel_may_pass_it_on_by_all_means_that_camel_has() throws Exception {
        channel("one", exchange -> calls.incrementAndGet());
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:s3cret-word").process(exchange -> calls.incrementAndGet());
                from("direct:notify-many")
                        .routeId("notify-many")
                        .routeGroup("notify")
                        .routeConfigurationId("channel")
                        .recipientList(constant("direct:s3cret-word"))
                        .removeProperties("*")
                        .to("direct:notify-one");
            }
        });

        List<ChannelResult> results = tell();

        assertThat(results)
                .extracting(ChannelResult::channel, ChannelResult::delivered)
                .containsExactlyInAnyOrder(Tuple.tuple("one", true), Tuple.tuple("many", true));
        assertThat(calls).hasValue(3);
    }

    @Test
    void a_stopped_channel_is_left_out_at_once() throws Exception {
        channel("stopped", exchange -> told.set("wrong"));
        channel("one", exchange -> calls.incrementAndGet());
        context().getRouteController().stopRoute("notify-stopped");

        assertThat(tell()).extracting(ChannelResult::channel).containsExactly("one");
        assertThat(result(tell("stopped"), "stopped").error()).contains("not started");
    }

    @Test
    void without_threads_there_are_results_and_no_exception() throws Exception {
        channel("one", exchange -> calls.incrementAndGet());
        threads.shutdown();

        assertThat(tell()).singleElement().satisfies(result -> assertThat(result.delivered())
                .isFalse());
    }

    @Test
    void nothing_of_a_channel_gets_to_another_or_back() throws Exception {
        channel("one", exchange -> {
            exchange.getMessage().setHeader("fromOne", "x");
            assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("fireTime");
        });

        Exchange answer = notify("one");

        assertThat(answer.getMessage().getBody(ChannelResult.class).delivered()).isTrue();
        assertThat(answer.getMessage().getHeaders()).isEmpty();
    }

    private interface Step {
        void run(Exchange exchange) throws Exception;
    }

    private void channel(String name, Step step) throws Exception {
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:notify-" + name)
                        .routeId("notify-" + name)
                        .routeGroup("notify")
                        .routeConfigurationId("channel")
                        .process(step::run);
            }
        });
    }

    private void hang(Exchange exchange) throws InterruptedException {
        stuck.incrementAndGet();
        try {
            released.await();
        } finally {
            stuck.decrementAndGet();
        }
    }

    private void hangWhateverHappens(Exchange exchange) {
        stuck.incrementAndGet();
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                // that is the point
            }
        }
    }

    /** Tells channels at once: those of these names, or all. */
    private List<ChannelResult> tell(String... names) {
        return channels.choose(List.of(names)).stream()
                .map(name -> CompletableFuture.supplyAsync(() -> notify(name), callers))
                .toList()
                .stream()
                .map(answer -> answer.join().getMessage().getBody(ChannelResult.class))
                .toList();
    }

    private Exchange notify(String channel) {
        Exchange answer = template().send("direct:notify", exchange -> {
            exchange.getMessage().setBody(NOTICE);
            exchange.getMessage().setHeader("fireTime", "now");
            exchange.setVariable("channel", channel);
        });
        assertThat(answer.getException()).isNull();
        return answer;
    }

    private static ChannelResult result(List<ChannelResult> results, String channel) {
        return results.stream()
                .filter(result -> result.channel().equals(channel))
                .findFirst()
                .orElseThrow();
    }
}
