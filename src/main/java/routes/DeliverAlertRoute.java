package routes;

import java.util.ArrayList;
import java.util.List;
import logaggregator.alert.AlertDedup;
import logaggregator.alert.ChannelResult;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells the channels of one alert, each for itself: at each the notices of an alert come one after the other, and none waits for
 * another channel. If one takes it, it is told; if none does, it fires again at the next tick.
 */
@Component
public class DeliverAlertRoute extends RouteBuilder {

    private static final int ASK_AGAIN_MILLIS = 250;

    @Override
    public void configure() {
        // they only start what then has a thread of its own at each channel, and are never used up as those may be
        var starters = getContext().getExecutorServiceManager().newFixedThreadPool(this, "alert-channels", 8);
        // @formatter:off
        from("direct:deliver-alert")
                .routeId("deliver-alert").routeGroup("alerts").routeConfigurationId("deliver-alert")
                .precondition("'{{app.roles}}' contains 'alerts'")
            // however it ends: what was never finished could not be told again
            .onCompletion().modeBeforeConsumer().id("in-any-case")
                .bean("alertDedup", "finish(${variable.event})").id("finish")
            .end()
            .setVariable("event", body()).id("keep-event")
            .filter().method("alertDedup", "renew(${variable.event})").id("still-ours")
                .bean("alertDelivery", "describe").id("describe")
                .setVariable("notice", body()).id("keep-notice")
                .setBody().method("notificationChannels", "choose(${variable.event.rule.channels})").id("choose-channels")
                .split(body(), DeliverAlertRoute::collect)
                        .parallelProcessing().executorService(starters).id("each-channel")
                    .to("direct:deliver-to-channel").id("to-channel")
                .end()
                // the channels' threads are interrupted in time, and the one that counts time is wanted by all alerts
                .threads(AlertDedup.MAX_DELIVERIES, AlertDedup.MAX_DELIVERIES, "alert-notes").allowCoreThreadTimeOut(true)
                        .id("leave-threads-of-channels")
                .to("direct:note-alert").id("note-at-last")
                .bean("alertBook", "record(${variable.notice}, ${variable.event.at}, ${body})").id("record");

        from("direct:deliver-to-channel")
                .routeId("deliver-to-channel").routeGroup("alerts").routeConfigurationId("deliver-alert")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .setVariable("channel", body()).id("keep-channel")
            .setBody().method("channelResults", "notTried(${variable.channel})").id("unless-told")
            .setVariable("turn").method("channelTurns", "ask(${variable.event}, ${variable.channel})").id("ask-for-turn")
            .loopDoWhile(simple("${variable.turn} == 'WAITS'")).id("while-another-is-there")
                .delay(ASK_AGAIN_MILLIS).asyncDelayed().id("wait").end()
                .setVariable("turn").method("channelTurns", "ask(${variable.event}, ${variable.channel})").id("ask-again")
            .end()
            .choice().id("has-its-turn")
                .when(simple("${variable.turn} == 'LOST'")).id("something-newer")
                    .setBody().method("channelResults", "superseded(${variable.channel})").id("left-out")
                .when().method("alertDedup", "renew(${variable.event})").id("ours-after-waiting")
                    .setBody(variable("notice")).id("take-notice")
                    .to("direct:notify").id("notify-channel")
                    .bean("alertDedup", "settle(${variable.event}, ${body})").id("settle")
                .otherwise().id("too-late")
                    .setBody().method("channelResults", "takenOver(${variable.channel})").id("left-to-another")
            .end()
            .bean("channelTurns", "passAfter(${exchangeProperty.delivery}, ${variable.event}, ${variable.channel})").id("pass-turn-on");

        // what a channel took is not kept back by one that takes its time: the next notice may be due
        from("scheduler:note-alerts?delay=1000")
                .routeId("note-alerts").routeGroup("alerts").routeConfigurationId("maintenance")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .bean("alertDedup", "keepAll").id("keep-what-was-told")
            .setBody().method("alertDedup", "toBeNoted").id("told-by-some")
            .split(body()).stopOnException().id("each-told")
                .setVariable("event", body()).id("take-event")
                .to("direct:note-alert").id("note-early")
            .end();

        from("direct:note-alert")
                .routeId("note-alert").routeGroup("alerts").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .filter().method("alertDedup", "isToBeNoted(${variable.event})").id("is-told")
                .bean("alertBook", "note(${variable.event})").id("note")
                .bean("alertDedup", "noted(${variable.event})").id("noted");
        // @formatter:on
    }

    /** Nothing of what happened to one goes on, but what became of it. */
    private static Exchange collect(@Nullable Exchange before, Exchange ended) {
        Exchange all = before == null ? new DefaultExchange(ended.getContext()) : before;
        List<ChannelResult> results = new ArrayList<>();
        if (before != null) {
            results.addAll(before.getMessage().getBody(List.class));
        }
        results.add(ended.getMessage().getBody(ChannelResult.class));
        all.getMessage().setBody(results);
        return all;
    }
}
