package routes;

import logaggregator.alert.AlertDedup;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Tells the channels of one alert, and notes what became of it; if no channel took it, it fires again at the next tick. */
@Component
public class DeliverAlertRoute extends RouteBuilder {

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
                .setProperty("channels", simple("${variable.event.rule.channels}")).id("take-channels-of-rule")
                .to("direct:notify").id("notify-channels")
                // the channels' threads are interrupted in time, and the one that counts time is wanted by all alerts
                .threads(AlertDedup.MAX_DELIVERIES, AlertDedup.MAX_DELIVERIES, "alert-notes").allowCoreThreadTimeOut(true)
                        .id("leave-threads-of-channels")
                .bean("alertDedup", "settle(${variable.event}, ${body})").id("settle")
                .bean("alertBook", "record(${variable.notice}, ${variable.event.at}, ${body})").id("record");
        // @formatter:on
    }
}
