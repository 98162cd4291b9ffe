package routes;

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
            .setVariable("event", body()).id("keep-event")
            .filter().method("alertDedup", "renew").id("still-ours")
                .bean("alertDelivery", "describe").id("describe")
                .setVariable("notice", body()).id("keep-notice")
                .setProperty("channels", simple("${variable.event.rule.channels}")).id("take-channels-of-rule")
                .to("direct:notify").id("notify-channels")
                .bean("alertDedup", "settle(${variable.event}, ${body})").id("settle")
                .bean("alertBook", "record(${variable.notice}, ${variable.event.at}, ${body})").id("record")
            .end()
            .bean("alertDedup", "finish(${variable.event})").id("finish");
        // @formatter:on
    }
}
