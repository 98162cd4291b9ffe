package routes;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Stores what waits on the queue, a batch at a time, and sets aside what can't be stored; the queue takes the end of this
 * route as the acknowledgement, and a failure as none.
 */
@Component
public class StoreRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("redis-streams:{{ingest.stream}}?group={{ingest.group}}")
                .routeId("store").routeGroup("pipeline").routeConfigurationId("store")
                .precondition("'{{app.roles}}' contains 'worker'")
            .bean("chunkCodec", "decode").id("decode-entries")
            .bean("deadLetters", "exclude").id("leave-out")
            .loopDoWhile(simple("${body.safe} == false")).id("until-stored")
                .to("direct:dead-letter").id("set-aside")
                .bean("logStore", "append").id("append")
            .end();
        // @formatter:on
    }
}
