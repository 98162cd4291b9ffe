package routes;

import logaggregator.UnavailableException;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Brings dead letters, which are stored with their batch, to the queue of dead letters; what fails is tried again later. */
@Component
public class DeadLetterRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("direct:dead-letter")
                .routeId("dead-letter").routeGroup("pipeline").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'worker'")
            .doTry().id("try-now")
                .bean("deadLetters", "publish").id("publish")
            .doCatch(UnavailableException.class).id("not-now")
                .log(LoggingLevel.DEBUG, "dead letters stay in the database for now: ${exception.message}").id("later")
            .end();
        // @formatter:on
    }
}
