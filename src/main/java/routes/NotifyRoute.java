package routes;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Tells an alert to the channel that the variable {@code channel} names, and answers what became of it; in NOTIFY_TIMEOUT_MS at
 * most, whatever the channel does.
 */
@Component
public class NotifyRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("direct:notify")
                .routeId("notify").routeGroup("alerts").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' != 'worker'")
            .removeHeaders("*").id("forget-headers")
            .setProperty("delivery").method("notificationChannels", "open(${body}, ${variable.channel})").id("open-delivery")
            .filter(simple("${exchangeProperty.delivery.underWay}")).id("is-started")
                .doTry().id("whatever-happens")
                    // of one: a split has a thread of its own, and a time-out
                    .split(simple("${exchangeProperty.delivery.channel}"))
                            .parallelProcessing().executorService("notifyThreads").streaming()
                            .timeout("{{notify.timeout-ms}}")
                            .aggregationStrategy("channelResults")
                            .id("in-time")
                        .to("direct:tell-channel").id("tell")
                    .end()
                .endDoTry()
                .doCatch(Exception.class).id("could-not")
                    .bean("channelResults", "giveUp(${exchangeProperty.delivery}, ${exception})").id("give-up")
                .end()
            .end()
            .removeHeaders("*").id("forget-answers")
            .setBody().method("channelResults", "result(${exchangeProperty.delivery})").id("say-what-became-of-it");

        from("direct:tell-channel")
                .routeId("tell-channel").routeGroup("alerts").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' != 'worker'")
            .setBody(simple("${exchangeProperty.delivery.body}")).id("say-what-happened")
            .bean("channelPlaces", "enter(${exchange}, ${exchangeProperty.delivery})").id("enter")
            .toD("direct://notify-${variable.channel}", -1).id("tell-it");
        // @formatter:on
    }
}
