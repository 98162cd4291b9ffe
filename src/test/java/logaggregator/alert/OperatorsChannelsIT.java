package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an operator does to the folder of channels counts within seconds, while the service runs and alerts are sent. */
@ExtendWith(OutputCaptureExtension.class)
class OperatorsChannelsIT {

    /** For one change, while the machine has much else to do. */
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    /** The one that is under way when a file changes, and two that see the change: one each second. */
    private static final int LOOKS = 3;

    private static final Duration PACE = Duration.ofMillis(10);
    private static final String CHANNELS = "/api/v1/alerts/channels";

    private static final HttpReceiver receiver = new HttpReceiver();
    private static final Path folder = Servers.newDirectory("routes");
    private static InProcessApp app;
    private static Notifier notifier;

    /** What the channel {@code teams} was after each look at the folder. */
    private static final List<String> looks = new CopyOnWriteArrayList<>();

    /** Notes {@link #looks}. */
    private static final class Watcher extends EventNotifierSupport {
        @Override
        public boolean isEnabled(CamelEvent event) {
            return event instanceof CamelEvent.ExchangeCompletedEvent;
        }

        @Override
        public void notify(CamelEvent event) {
            Exchange exchange = ((CamelEvent.ExchangeCompletedEvent) event).getExchange();
            if ("load-channels".equals(exchange.getFromRouteId())) {
                looks.add(teamsNow());
            }
        }
    }

    private static String teamsNow() {
        return app.bean(AlertChannels.class).channels().stream()
                .filter(channel -> channel.name().equals("teams"))
                .map(channel -> channel.loadedAt() + " " + channel.error())
                .findFirst()
                .orElse("none");
    }

    /** What an operator does. */
    private interface Change {
        void make() throws IOException;
    }

    /** However slow the machine is: by the third look it counts, and that is how many there are in three seconds. */
    private static void countsAtOnce(Change change) throws IOException {
        String before = teamsNow();
        change.make();
        int first = looks.size();
        within(() -> assertThat(looks.subList(first, looks.size())).anyMatch(now -> !now.equals(before)));
        assertThat(looks.subList(first, Math.min(first + LOOKS, looks.size()))).anyMatch(now -> !now.equals(before));
    }

    @BeforeAll
    static void start() throws IOException {
        Path rules = Files.writeString(
                Servers.newDirectory("operator-rules").resolve("alerts.yaml"),
                "operators-traffic: {threshold: 1, interval_sec: 1}");
        app = new InProcessApp(
                Servers.postgres(),
                Servers.redis(),
                "operator:stream",
                "alert.rules=" + rules,
                "alert.check-interval=1",
                "alert.key-prefix=operator:",
                "routes.dir=" + folder,
                "notify.try-timeout-ms=1000",
                "notify.timeout-ms=5000",
                "TEAMS_URL=" + receiver.url("/teams/hook-s3cret"));
        notifier = new Notifier(app);
        app.bean(CamelContext.class).getManagementStrategy().addEventNotifier(new Watcher());
        Eventually.holds(() -> channel("print").path("started").asBoolean());
    }

    @AfterAll
    static void stop() {
        app.close();
        receiver.close();
    }

    @AfterEach
    void empties_the_folder() throws IOException {
        receiver.speakAgain();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Eventually.passes(() -> assertThat(channels())
                .allSatisfy(
                        channel -> assertThat(channel.get("source").asText()).isEqualTo("built-in")));
        receiver.forget();
    }

    @Test
    void adds_edits_breaks_repairs_and_deletes_a_channel(CapturedOutput output) throws Exception {
        List<String> routesBefore = routes();
        AtomicBoolean running = new AtomicBoolean(true);
        Thread traffic = new Thread(() -> {
            while (running.get()) {
                Alerts.log(app.api(), "operators-traffic", "INFO", 1);
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        });
        traffic.start();

        // adds
        countsAtOnce(() -> write("notify-teams.camel.yaml", teams("one")));
        assertAlertsComeFrom("one");
        assertThat(channel("teams").path("source").asText()).isEqualTo("notify-teams.camel.yaml");
        assertThat(channel("teams").path("error").isNull()).isTrue();
        JsonNode tested = app.api().post(CHANNELS + "/teams/test", new byte[0]).body();
        assertThat(tested.get("delivered").asBoolean()).isTrue();
        assertThat(tested.get("attempts").asInt()).isEqualTo(1);

        // edits
        countsAtOnce(() -> write("notify-teams.camel.yaml", teams("two")));
        assertAlertsComeFrom("two");

        // breaks, in the ways there are
        breaks(teams("three").replace("steps:", "steps: ["), "not YAML");
        breaks(teams("three").replace("setHeader:", "setHaeder:"), "setHaeder");
        breaks(teams("three").replace("http:teams", "no-such-thing:teams"), "line 23: No endpoint");
        breaks(teams("three").replace("http:teams", "log:teams").replace("httpMethod:", "httpMehtod:"), "httpMehtod");
        breaks(teams("three").replace("ref: alertText", "ref: noSuchBean"), "line 19: a bean other than alertText");
        breaks(teams("three").replace("notify-teams", "notify-print"), "line 2: notify-print is");
        breaks(teams("three").substring(0, 200), "line 10");
        breaks("", "empty");
        assertThat(output.getAll()).contains("notify-teams.camel.yaml can't be used, its last good version stays: ");
        assertAlertsComeFrom("two");

        // repairs
        countsAtOnce(() -> write("notify-teams.camel.yaml", teams("two")));
        assertThat(channel("teams").path("error").isNull()).isTrue();
        within(() -> assertThat(app.api().get("/health").body().get("status").asText())
                .isEqualTo("ok"));
        countsAtOnce(() -> write("notify-teams.camel.yaml", teams("four")));
        assertAlertsComeFrom("four");

        // deletes
        countsAtOnce(() -> Files.delete(folder.resolve("notify-teams.camel.yaml")));
        assertThat(channel("teams").isMissingNode()).isTrue();
        assertThat(versionsSentNow()).isEmpty();
        assertThat(app.api().post(CHANNELS + "/teams/test", new byte[0]).status())
                .isEqualTo(404);

        running.set(false);
        traffic.join();
        // none was lost on the way, and none told twice
        assertThat(results("operators-traffic")).isNotEmpty().allSatisfy(result -> {
            assertThat(result.get("delivered").asBoolean()).isTrue();
            assertThat(result.get("attempts").asInt()).isEqualTo(1);
        });
        assertThat(routes()).isEqualTo(routesBefore);
        assertThat(output.getAll()).doesNotContain("s3cret");
    }

    /** What a rule finds in the traffic is sent by this version, and by no other any more. */
    private static void assertAlertsComeFrom(String version) {
        within(() -> {
            receiver.forget();
            Eventually.holds(() -> !alertsSent().isEmpty());
            assertThat(alertsSent()).containsOnly(version);
        });
    }

    private static List<String> alertsSent() {
        return receiver.requests("/teams/hook-s3cret").stream()
                .filter(request -> request.body().contains("Alert: operators-traffic"))
                .map(request -> request.headers().get("x-version"))
                .toList();
    }

    /** What became of the alerts of a rule at each channel. */
    private static List<JsonNode> results(String rule) {
        List<JsonNode> results = new ArrayList<>();
        for (JsonNode alert : app.api().get("/api/v1/alerts/?limit=1000").body().get("recent")) {
            if (alert.get("rule").asText().equals(rule)) {
                alert.get("results").forEach(results::add);
            }
        }
        return results;
    }

    @Test
    void a_file_that_is_being_written_does_not_flap(CapturedOutput output) throws Exception {
        write("notify-teams.camel.yaml", teams("one"));
        within(() -> assertThat(channel("teams").path("started").asBoolean()).isTrue());

        String text = teams("two");
        for (int length = 0; length <= text.length(); length += 40) {
            write("notify-teams.camel.yaml", text.substring(0, length));
            Thread.sleep(150);
            assertThat(channel("teams").path("error").isNull()).isTrue();
        }
        write("notify-teams.camel.yaml", text);
        within(() -> assertThat(versionsSentNow()).containsExactly("two"));

        assertThat(output.getAll()).doesNotContain("can't be used");
    }

    @Test
    void others_are_never_touched() throws Exception {
        write("notify-slack.camel.yaml", teams("one").replace("notify-teams", "notify-slack"));
        write("b.camel.yaml", teams("one"));
        write("c.camel.yaml", teams("two"));
        write("large.camel.yaml", "#".repeat(2_000_000));
        Files.write(folder.resolve("latin.camel.yaml"), new byte[] {'#', (byte) 0xE4});
        write("notes.txt", "nothing");
        write(".hidden.camel.yaml", "nothing");

        within(() -> assertThat(channels())
                .filteredOn(channel -> !channel.get("error").isNull())
                .extracting(channel -> channel.get("source").asText())
                .containsExactlyInAnyOrder(
                        "notify-slack.camel.yaml", "c.camel.yaml", "large.camel.yaml", "latin.camel.yaml"));
        assertThat(versionsSentNow()).containsExactly("one");

        // what was in the way goes
        Files.delete(folder.resolve("b.camel.yaml"));
        Eventually.passes(() -> assertThat(versionsSentNow()).containsExactly("two"));
    }

    @Test
    void a_channel_whose_server_hangs_is_replaced_and_removed_however_busy_it_is() throws Exception {
        write("notify-teams.camel.yaml", teams("one"));
        within(() -> assertThat(channel("teams").path("started").asBoolean()).isTrue());
        receiver.fallSilent();
        assertThat(notifier.tellOne(Notices.firing("ERROR", "m"), "teams").error())
                .contains("Read timed out");

        AtomicBoolean running = new AtomicBoolean(true);
        List<ChannelResult> printed = new CopyOnWriteArrayList<>();
        List<Thread> traffic = Stream.generate(() -> new Thread(() -> {
                    while (running.get()) {
                        notifier.tell(Notices.firing("ERROR", "m")).stream()
                                .filter(result -> result.channel().equals("print"))
                                .forEach(printed::add);
                        LockSupport.parkNanos(PACE.toNanos());
                    }
                }))
                .limit(4)
                .toList();
        traffic.forEach(Thread::start);
        try (HttpReceiver other = new HttpReceiver()) {
            receiver.forget();
            Eventually.holds(() -> receiver.requests().size() > 3);
            write("notify-teams.camel.yaml", teams("two").replace("${properties:TEAMS_URL}", other.url("/")));
            within(() -> assertThat(other.requests())
                    .extracting(request -> request.headers().get("x-version"))
                    .contains("two"));

            write("notify-teams.camel.yaml", teams("three"));
            receiver.forget();
            Eventually.holds(() -> receiver.requests().size() > 3);
            Files.delete(folder.resolve("notify-teams.camel.yaml"));
            within(() -> assertThat(channel("teams").isMissingNode()).isTrue());
        } finally {
            running.set(false);
            for (Thread sender : traffic) {
                sender.join();
            }
        }
        assertThat(printed).isNotEmpty().allSatisfy(result -> assertThat(result.error())
                .isNull());
    }

    @Test
    void a_channel_that_was_taken_out_otherwise_is_back_when_its_file_is_repaired() throws Exception {
        write("notify-teams.camel.yaml", teams("one"));
        within(() -> assertThat(versionsSentNow()).containsExactly("one"));
        app.bean(CamelContext.class).getRouteController().stopRoute("notify-teams");
        app.bean(CamelContext.class).removeRoute("notify-teams");
        write("notify-teams.camel.yaml", "broken");
        within(() -> assertThat(channel("teams").path("error").isNull()).isFalse());

        write("notify-teams.camel.yaml", teams("one"));
        within(() -> assertThat(versionsSentNow()).containsExactly("one"));
    }

    /** Nothing changes but what is said. */
    private void breaks(String text, String error) throws IOException {
        countsAtOnce(() -> write("notify-teams.camel.yaml", text));
        assertThat(channel("teams").path("error").asText()).contains(error);
        assertThat(versionsSentNow()).as(error).containsExactly("two");
        assertThat(channel("teams").path("started").asBoolean()).isTrue();
        within(() -> assertThat(
                        app.api().get("/health").body().at("/reasons/channels").asText())
                .startsWith("notify-teams.camel.yaml: ")
                .contains(error));
        assertThat(app.api().get("/health").body().get("status").asText()).isEqualTo("degraded");
    }

    private List<String> routes() {
        return app.bean(CamelContext.class).getRoutes().stream()
                .map(org.apache.camel.Route::getRouteId)
                .sorted()
                .toList();
    }

    /** Notifies all and returns what the operator's channel has sent for it. */
    private List<String> versionsSentNow() {
        String rule = "R" + System.nanoTime();
        notifier.tell(Notices.firing(rule, "m"));
        return receiver.requests("/teams/hook-s3cret").stream()
                .filter(request -> request.body().contains(rule))
                .map(request -> request.headers().get("x-version"))
                .toList();
    }

    private static List<JsonNode> channels() {
        return StreamSupport.stream(app.api().get(CHANNELS).body().spliterator(), false)
                .toList();
    }

    /** A missing node when there is none. */
    private static JsonNode channel(String name) {
        return channels().stream()
                .filter(channel -> channel.get("name").asText().equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static void within(org.awaitility.core.ThrowingRunnable check) {
        Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(AT_MOST).untilAsserted(check);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private static String teams(String version) {
        return """
                - route:
                    id: notify-teams
                    group: notify
                    from:
                      uri: direct:notify-teams
                      steps:
                        - setHeader:
                            name: X-Version
                            expression:
                              constant:
                                expression: VERSION
                        - setHeader:
                            name: CamelHttpUri
                            expression:
                              simple:
                                expression: ${properties:TEAMS_URL}
                        - setBody:
                            expression:
                              method:
                                ref: alertText
                                method: text(${body})
                        - to:
                            uri: http:teams
                            parameters:
                              httpMethod: POST
                """.replace("VERSION", version);
    }
}
