package routes;

import java.util.Map;
import java.util.UUID;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Evaluates the alert rules every few seconds, one process at a time, and hands over what no process has told the channels. */
@Component
public class AlertRoute extends RouteBuilder {

    /** Ticks that were missed by more than a second are one. */
    @Bean
    static QuartzComponent quartz() {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(Map.of(
                // those of the same name would be one
                "org.quartz.scheduler.instanceName", "alerts-" + UUID.randomUUID(),
                "org.quartz.threadPool.threadCount", "1",
                "org.quartz.jobStore.misfireThreshold", "1000"));
        return quartz;
    }

    @Override
    public void configure() {
        // only until channels have it: they run on threads of their own
        var deliveries = getContext().getExecutorServiceManager().newFixedThreadPool(this, "alert-deliveries", 8);
        // @formatter:off
        from("quartz:alerts?trigger.repeatInterval={{alert.check-interval}}000&stateful=true")
                .routeId("alert-tick").routeGroup("alerts").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .to("direct:evaluate-alerts").id("tick");

        // Quartz goes by the clock of the machine: set back by an hour it stands still for an hour
        from("scheduler:alert-overdue?delay={{alert.check-interval}}000")
                .routeId("alert-overdue").routeGroup("alerts").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .filter().method("evaluationTurn", "isOverdue").id("is-overdue")
                .to("direct:evaluate-alerts").id("late-tick");

        from("direct:evaluate-alerts")
                .routeId("alert").routeGroup("alerts").routeConfigurationId("alerts")
                .precondition("'{{app.roles}}' contains 'alerts'")
            .filter().method("channelLoader", "hasLooked").id("wait-for-channels")
            .filter().method("evaluationTurn", "take").id("take-turn")
                .bean("storeMaintenance", "foldCounts").id("fold")
                .bean("alertRules", "current").id("read-rules")
                .bean("alertCounts", "read").id("read-counts")
                .bean("alertEvaluation", "evaluate").id("evaluate")
                .bean("alertDedup", "inTurn").id("in-turn")
                .split(body()).id("each-alert")
                    .filter().method("evaluationTurn", "lasts").id("not-held-up")
                    .filter().method("alertDedup", "claim").id("dedup")
                        .wireTap("direct:deliver-alert").dynamicUri(false).executorService(deliveries).id("hand-over-alert").end()
                    .end().end()
                .end()
                .bean("evaluationTurn", "pass").id("pass-turn");
        // @formatter:on
    }
}
