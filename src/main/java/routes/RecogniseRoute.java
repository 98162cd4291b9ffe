package routes;

import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Notes which records of a named request came before, if that can be told: a service to the client only, since whatever
 * comes twice is stored once anyway.
 */
@Component
public class RecogniseRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("direct:recognise")
                .routeId("recognise").routeGroup("ingest").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'api'")
            .circuitBreaker().id("receipts-breaker")
                .resilience4jConfiguration()
                    .slidingWindowSize(1).failureRateThreshold(100)
                    .waitDurationInOpenState(10).automaticTransitionFromOpenToHalfOpenEnabled(true)
                    .permittedNumberOfCallsInHalfOpenState(1)
                .end()
                .bean("receipts", "recognise").id("look-up")
            .onFallback()
                .step("not-known").log(LoggingLevel.DEBUG, "can't tell what came before: ${exception.message}").id("say-so").end()
            .end();
        // @formatter:on
    }
}
