package routes;

import logaggregator.Batch;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Stores what waits on the queue, several batches at a time, and with it what can't be stored as dead letters; the queue takes the
 * end of this route as the acknowledgement, and a failure as none.
 */
@Component
public class StoreRoute extends RouteBuilder {

    @Override
    public void configure() throws Exception {
        int consumers = Integer.parseInt(getContext().resolvePropertyPlaceholders("{{ingest.concurrent-consumers}}"));
        // @formatter:off
        // one decodes while the database works for another
        for (int n = 1; n <= consumers; n++) {
            from("redis-streams:{{ingest.stream}}?group={{ingest.group}}&consumerNumber=" + n)
                    .routeId("read-queue-" + n).routeGroup("pipeline").routeConfigurationId("caller")
                    .precondition("'{{app.roles}}' contains 'worker'")
                .to("direct:store").id("hand-over-" + n);
        }

        from("direct:store")
                .routeId("store").routeGroup("pipeline").routeConfigurationId("store")
                .precondition("'{{app.roles}}' contains 'worker'")
            .bean("chunkCodec", "decode").id("decode-entries")
            // not bean(): when the caller waits for an answer the loop looks at what a bean returned one turn too late
            .loopDoWhile(exchange -> !batch(exchange).isSafe()).id("until-stored")
                .setBody().method("logStore", "append").id("append")
            .end()
            .filter(exchange -> !batch(exchange).rejections().isEmpty()).id("has-dead-letters")
                .to("direct:dead-letter").id("publish-now")
            .end();
        // @formatter:on
    }

    private static Batch batch(Exchange exchange) {
        return exchange.getMessage().getBody(Batch.class);
    }
}
