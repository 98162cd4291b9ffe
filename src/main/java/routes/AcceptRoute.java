package routes;

import logaggregator.Batch;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Puts a batch on the queue or, while the queue can't take it, straight into the store. */
@Component
public class AcceptRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("direct:accept")
                .routeId("accept").routeGroup("ingest").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'api'")
            .circuitBreaker().id("queue-breaker")
                .resilience4jConfiguration()
                    .slidingWindowSize(3).failureRateThreshold(100)
                    .waitDurationInOpenState(2).automaticTransitionFromOpenToHalfOpenEnabled(true)
                    .permittedNumberOfCallsInHalfOpenState(1)
                .end()
                .bean("logQueue", "requireSafe").id("require-safe")
                .bean("backpressure", "requireMemory").id("require-memory")
                .setVariable("entries").method("chunkCodec", "encode(${body}, ${variable.producer})").id("encode")
                .toV("redis-streams:{{ingest.stream}}", "entries", "ids").id("enqueue")
                .bean("logQueue", "confirm").id("confirm")
            .onFallback()
                .step("fall-back").to("direct:append").id("append-instead").end()
            .end();

        from("direct:append")
                .routeId("append-directly").routeGroup("ingest").routeConfigurationId("caller")
                .precondition("'{{app.roles}}' contains 'api'")
            .setVariable("accepted", body()).id("keep-the-request")
            .bean("directAppend", "toStore(${body}, ${variable.producer})").id("to-store")
            // not bean(): when the caller waits for an answer the loop looks at what a bean returned one turn too late
            .loopDoWhile(exchange -> !batch(exchange).isSafe()).id("until-appended")
                .setBody().method("logStore", "append").id("append-now")
            .end()
            .bean("directAppend", "toAnswer(${body}, ${variable.accepted})").id("to-answer");
        // @formatter:on
    }

    private static Batch batch(Exchange exchange) {
        return exchange.getMessage().getBody(Batch.class);
    }
}
