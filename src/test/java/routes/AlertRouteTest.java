package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import logaggregator.alert.ChannelResult;
import logaggregator.support.Eventually;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

class AlertRouteTest extends RouteTest {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Faults evaluationFaults = new Faults();
    private final Faults recordFaults = new Faults();
    private final Faults noteFaults = new Faults();
    private final Set<Event> settled = ConcurrentHashMap.newKeySet();
    private final Set<Event> told = ConcurrentHashMap.newKeySet();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile List<Event> events = List.of(event("a"), event("told before"), event("b"));
    private volatile boolean channelsAreThere = true;
    private volatile boolean turn = true;
    private volatile boolean overdue;
    private volatile boolean heldUp;
    private volatile boolean hanging;
    private volatile boolean ours = true;
    private volatile int renewals = Integer.MAX_VALUE;
    private final AtomicInteger asked = new AtomicInteger();

    AlertRouteTest() {
        super(new ErrorPolicies(), new AlertRoute(), new DeliverAlertRoute(), new Channels());
        bind("channelLoader", new FakeLoader());
        bind("evaluationTurn", new FakeTurn());
        bind("storeMaintenance", new FakeMaintenance(calls, evaluationFaults));
        bind("alertRules", new FakeRules());
        bind("alertCounts", new FakeCounts());
        bind("alertEvaluation", new FakeEvaluation());
        bind("alertDedup", new FakeDedup());
        bind("alertDelivery", new FakeDelivery());
        bind("channelTurns", new FakeTurns());
        bind("healthMonitor", new FakeHealth());
        bind("notificationChannels", new FakeChoice());
        bind("alertBook", new FakeBook());
        bind("channels", new FakeChannels());
        bind("channelResults", new FakeResults());
        bind("noteLater", (Processor) exchange ->
                calls.add("keep " + exchange.getVariable("event", Event.class).name()));
        feed("alert-tick", "direct:tick");
        feed("alert-overdue", "direct:overdue");
        feed("note-alerts", "direct:note-alerts");
    }

    /** Stands in for the channels. */
    private static final class Channels extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:notify").bean("channels", "deliver(${body}, ${variable.channel})");
        }
    }

    /** What a rule is to a route. */
    public record Rule(List<String> channels) {}

    /** What an event is to a route. */
    public record Event(String name, Rule rule, Instant at) {}

    private static Event event(String name) {
        return new Event(name, new Rule(List.of("print")), Instant.EPOCH);
    }

    /** Stands in for those that are on. */
    public static final class FakeChoice {
        public List<String> choose(List<String> names) {
            return names;
        }
    }

    /** Stands in for the health monitor. */
    public static final class FakeHealth {
        public void reportTrouble(String part, Exception cause) {}
    }

    /** Stands in for what is said where a channel wasn't told. */
    public static final class FakeResults {
        public ChannelResult notTried(String channel) {
            return superseded(channel);
        }

        public ChannelResult superseded(String channel) {
            return new ChannelResult(channel, false, 0, 0, "newer");
        }

        public ChannelResult takenOver(String channel) {
            return superseded(channel);
        }
    }

    /** Stands in for the order at a channel. */
    public final class FakeTurns {
        public String ask(Event event, String channel) {
            return lost.contains(channel) ? "LOST" : busy.contains(channel) ? "WAITS" : "HAS";
        }

        public void passAfter(Object visit, Event event, String channel) {
            calls.add("pass turn of " + channel);
        }
    }

    /** What the stand-in for the channels does. */
    public final class FakeChannels {
        public ChannelResult deliver(Object notice, String channel) throws InterruptedException {
            if (hanging) {
                released.await(30, TimeUnit.SECONDS);
            }
            calls.add("notify " + channel + " " + notice);
            return new ChannelResult(channel, true, 1, 1, null);
        }
    }

    /** Stands in for the folder of channels. */
    public final class FakeLoader {
        public boolean hasLooked() {
            return channelsAreThere;
        }
    }

    /** Stands in for the turn. */
    public final class FakeTurn {
        public boolean take() {
            return turn;
        }

        public boolean lasts(Event event) {
            return !heldUp;
        }

        public void pass() {
            calls.add("pass");
        }

        public void fail(Exception cause) {
            calls.add("fail");
        }

        public boolean isOverdue() {
            return overdue;
        }
    }

    /** Stands in for the rules. */
    public static final class FakeRules {
        public String current() {
            return "rules";
        }
    }

    /** Stands in for the counts. */
    public static final class FakeCounts {
        public String read(String rules) {
            return "counts of " + rules;
        }
    }

    /** Stands in for the evaluation. */
    public final class FakeEvaluation {
        public List<Event> evaluate(String counts) {
            calls.add("evaluate " + counts);
            return events;
        }
    }

    /** Stands in for what tells alerts apart. */
    public final class FakeDedup {
        public List<Event> inTurn(List<Event> some) {
            return some;
        }

        public boolean claim(Event event) {
            return !event.name().equals("told before");
        }

        public boolean renew(Event event) {
            return ours && asked.incrementAndGet() <= renewals;
        }

        public void settle(Event event, ChannelResult result) {
            if (result.delivered() && settled.add(event)) {
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
        public String describe(Event event) {
            if (event.name().equals("broken")) {
                throw new IllegalStateException("a bug");
            }
            return "about " + event.name();
        }
    }

    /** Stands in for the history. */
    public final class FakeBook {
        public void note(Event event) {
            noteFaults.strike();
            calls.add("note " + event.name());
        }

        public void record(String notice, Instant at, List<ChannelResult> results) {
            recordFaults.strike();
            calls.add("record " + notice + " "
                    + results.stream()
                            .filter(ChannelResult::delivered)
                            .map(ChannelResult::channel)
                            .toList());
        }
    }

    @Test
    void each_tick_evaluates_and_tells_what_was_not_told() {
        assertThat(send("direct:tick", null).getException()).isNull();

        Eventually.passes(() -> assertThat(calls)
                .contains(
                        "storeMaintenance.foldCounts",
                        "evaluate counts of rules",
                        "pass",
                        "notify print about a",
                        "note a",
                        "record about a [print]",
                        "finish a",
                        "notify print about b",
                        "finish b"));
        assertThat(calls).noneMatch(call -> call.contains("told before"));
        assertThat(calls.stream().filter("pass"::equals)).hasSize(1);
    }

    @Test
    void the_turn_passes_when_there_is_nothing_to_tell_and_when_all_was_told() {
        for (List<Event> nothing : List.of(List.<Event>of(), List.of(event("told before")))) {
            events = nothing;
            calls.clear();
            send("direct:tick", null);
            assertThat(calls).containsExactly("storeMaintenance.foldCounts", "evaluate counts of rules", "pass");
        }
    }

    @Test
    void another_process_may_have_the_turn() {
        turn = false;
        send("direct:tick", null);

        assertThat(calls).isEmpty();
    }

    @Test
    void who_was_held_up_so_long_that_another_had_the_turn_tells_nothing() {
        heldUp = true;
        send("direct:tick", null);

        assertThat(calls).containsExactly("storeMaintenance.foldCounts", "evaluate counts of rules", "pass");
    }

    @Test
    void nothing_is_evaluated_before_the_operators_channels_are_there() {
        channelsAreThere = false;
        send("direct:tick", null);
        assertThat(calls).isEmpty();

        channelsAreThere = true;
        send("direct:tick", null);
        assertThat(calls).contains("pass");
    }

    @Test
    void a_channel_that_hangs_does_not_delay_the_next_evaluation() {
        hanging = true;
        send("direct:tick", null);
        send("direct:tick", null);

        assertThat(calls.stream().filter(call -> call.startsWith("evaluate"))).hasSize(2);
        assertThat(calls).noneMatch(call -> call.startsWith("notify"));
        released.countDown();
        Eventually.passes(() -> assertThat(calls.stream().filter(call -> call.startsWith("finish")))
                .hasSize(4));
    }

    @Test
    void when_the_database_is_away_the_next_tick_tries_again() {
        evaluationFaults.unavailable(1);
        assertThat(send("direct:tick", null).getException()).isNull();

        assertThat(calls).containsExactly("storeMaintenance.foldCounts", "fail");
        send("direct:tick", null);
        assertThat(calls).contains("evaluate counts of rules");
    }

    @Test
    void when_evaluation_fails_health_tells() {
        evaluationFaults.add(new IllegalStateException("a bug"));
        assertThat(send("direct:tick", null).getException()).isNull();

        assertThat(calls).containsExactly("storeMaintenance.foldCounts", "fail");
    }

    @Test
    void what_was_told_is_noted_as_soon_as_that_is_possible() {
        noteFaults.unavailable(2);
        recordFaults.unavailable(1);
        send("direct:deliver-alert", event("a"));

        assertThat(calls)
                .containsExactly(
                        "notify print about a",
                        "pass turn of print",
                        "keep a",
                        "keep a",
                        "note a",
                        "keep a",
                        "record about a [print]",
                        "finish a");
    }

    @Test
    void a_channel_that_is_busy_with_what_came_before_keeps_no_other_waiting() {
        busy.add("slow");
        Event event = new Event("a", new Rule(List.of("slow", "print")), Instant.EPOCH);
        template().asyncSendBody("direct:deliver-alert", event);

        Eventually.passes(() -> assertThat(calls).contains("pass turn of print"));
        send("direct:note-alerts", null);
        assertThat(calls).containsExactly("notify print about a", "pass turn of print", "note a");
        calls.clear();
        busy.clear();
        Eventually.passes(() -> assertThat(calls).contains("finish a"));
        assertThat(calls)
                .containsExactly(
                        "notify slow about a", "pass turn of slow", "record about a [slow, print]", "finish a");
    }

    @Test
    void a_channel_for_which_there_is_something_newer_is_left_out() {
        lost.add("slow");
        send("direct:deliver-alert", new Event("a", new Rule(List.of("slow", "print")), Instant.EPOCH));

        assertThat(calls)
                .containsSubsequence("notify print about a", "note a", "record about a [print]", "finish a")
                .doesNotContain("notify slow about a");
    }

    @Test
    void what_can_not_be_noted_early_is_tried_again_a_second_later() {
        told.add(event("a"));
        noteFaults.unavailable(1);
        assertThat(send("direct:note-alerts", null).getException()).isNull();
        assertThat(calls).isEmpty();
        send("direct:note-alerts", null);
        send("direct:note-alerts", null);
        assertThat(calls).containsExactly("note a");
    }

    @Test
    void without_channels_that_is_recorded() {
        send("direct:deliver-alert", new Event("a", new Rule(List.of()), Instant.EPOCH));

        assertThat(calls).containsExactly("record about a []", "finish a");
    }

    @Test
    void what_fails_for_another_reason_may_fire_again() {
        Exchange exchange = send("direct:deliver-alert", event("broken"));

        assertThat(exchange.getException()).isNull();
        assertThat(calls).containsExactly("finish broken");
    }

    @Test
    void what_another_process_has_taken_over_meanwhile_is_left_to_it() {
        ours = false;
        send("direct:deliver-alert", event("a"));

        assertThat(calls).containsExactly("finish a");
    }

    @Test
    void what_another_process_has_taken_over_while_a_channel_was_busy_is_not_told() {
        renewals = 1;
        send("direct:deliver-alert", event("a"));

        assertThat(calls).containsExactly("pass turn of print", "record about a []", "finish a");
    }

    @Test
    void ticks_come_from_elsewhere_when_quartz_stands_still() {
        send("direct:overdue", null);
        assertThat(calls).isEmpty();
        overdue = true;
        send("direct:overdue", null);
        assertThat(calls).contains("pass");
    }

    @Test
    void alerts_are_for_processes_of_that_role() throws Exception {
        List<RoutesBuilder> routes = new ArrayList<>(List.of(new AlertRoute(), new DeliverAlertRoute()));
        assertThat(AllRoutes.started(AllRoutes.load("alerts", routes)))
                .containsExactlyInAnyOrder(
                        "alert-tick",
                        "alert-overdue",
                        "alert",
                        "deliver-alert",
                        "deliver-to-channel",
                        "note-alerts",
                        "note-alert");
        assertThat(AllRoutes.started(AllRoutes.load("api,worker", routes))).isEmpty();
    }
}
