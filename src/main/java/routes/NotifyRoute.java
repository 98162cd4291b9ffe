package routes;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Tells an alert to all channels at once, or to those that the property {@code channels} names, and answers what became of it
 * at each; a channel that hangs or fails is nothing to the others.
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
            .setProperty("fanOut").method("notificationChannels", "open(${body}, ${exchangeProperty.channels})").id("choose-channels")
            .doTry().id("whatever-happens")
                .split(simple("${exchangeProperty.fanOut.channels}"))
                        .parallelProcessing().executorService("notifyThreads").streaming()
                        .timeout("{{notify.timeout-ms}}")
                        .aggregationStrategy("channelResults")
                        .id("fan-out")
                    .to("direct:tell-channel").id("each-channel")
                .end()
            .endDoTry()
            .doCatch(Exception.class).id("could-not")
                .bean("channelResults", "giveUp(${exchangeProperty.fanOut}, ${exception})").id("give-up")
            .end()
            .removeHeaders("*").id("forget-answers")
            .setBody().method("channelResults", "collect(${exchangeProperty.fanOut})").id("collect-results");

        from("direct:tell-channel")
                .routeId("tell-channel").routeGroup("alerts").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' != 'worker'")
            .setVariable("channel", body()).id("keep-channel")
            .setBody(simple("${exchangeProperty.fanOut.body}")).id("say-what-happened")
            .bean("channelPlaces", "enter(${exchange}, ${exchangeProperty.fanOut}, ${variable.channel})").id("enter")
            .toD("direct://notify-${variable.channel}", -1).id("tell");
        // @formatter:on
    }
}
