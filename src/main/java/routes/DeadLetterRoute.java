package routes;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Sets the rejected records of a batch aside, each with its cause, before the batch is acknowledged. */
@Component
public class DeadLetterRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("direct:dead-letter")
                .routeId("dead-letter").routeGroup("pipeline").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'worker'")
            .filter(simple("${body.rejections.isEmpty} == false")).id("has-rejections")
                .bean("deadLetters", "add").id("add")
            .end();
        // @formatter:on
    }
}
