package routes;

import logaggregator.alert.AlertDedup;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Tells the channels of one alert, each for itself: at each the notices of an alert come one after the other, and none waits for
 * another channel. The first one that takes it makes the alert told; if none does, it fires again at the next tick.
 */
@Component
public class DeliverAlertRoute extends RouteBuilder {

    private static final int LOOK_AGAIN_MILLIS = 200;

    @Override
    public void configure() {
        // @formatter:off
        from("direct:deliver-alert")
                .routeId("deliver-alert").routeGroup("alerts").routeConfigurationId("deliver-alert")
                .precondition("'{{app.roles}}' contains 'alerts'")
            // however it ends: what was never finished could not be told again
            .onCompletion().modeBeforeConsumer().id("in-any-case")
                .bean("alertDedup", "finish(${variable.event})").id("finish")
            .end()
            .setVariable("event", body()).id("keep-event")
            .filter().method("alertDedup", "renew").id("still-ours")
                .bean("alertDelivery", "describe").id("describe")
                .setVariable("notice", body()).id("keep-notice")
                .setBody().method("notificationChannels", "choose(${variable.event.rule.channels})").id("choose-channels")
                .split(body(), AggregationStrategies.groupedBody())
                        .parallelProcessing().executorService("notifyThreads").id("each-channel")
                    .to("direct:deliver-to-channel").id("to-channel")
                .end()
                .bean("alertBook", "record(${variable.notice}, ${variable.event.at}, ${body})").id("record");

        from("direct:deliver-to-channel")
                .routeId("deliver-to-channel").routeGroup("alerts").routeConfigurationId("deliver-alert")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .setVariable("channel", body()).id("keep-channel")
            .setBody().method("alertDelivery", "lost(${variable.channel})").id("unless-told")
            .loopDoWhile(method("channelTurns", "mustWait(${variable.event}, ${variable.channel})")).id("while-another-is-there")
                .delay(LOOK_AGAIN_MILLIS).asyncDelayed().id("wait-for-turn").end()
            .end()
            .filter().method("alertDedup", "renew(${variable.event})").id("ours-after-waiting")
                .setBody(variable("notice")).id("take-notice")
                .to("direct:notify").id("notify-channel")
            .end()
            // the channels' threads are interrupted in time, and the one that counts time is wanted by all alerts
            .threads(AlertDedup.MAX_DELIVERIES, AlertDedup.MAX_DELIVERIES, "alert-notes").allowCoreThreadTimeOut(true)
                    .id("leave-threads-of-channels")
            .bean("channelTurns", "pass(${variable.event}, ${variable.channel})").id("pass-turn-on")
            .filter().method("alertDedup", "settle(${variable.event}, ${body})").id("if-that-makes-it-told")
                .bean("alertBook", "note(${variable.event})").id("note")
                .bean("alertDedup", "noted(${variable.event})").id("noted");
        // @formatter:on
    }
}
