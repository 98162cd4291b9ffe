package routes;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Takes the records of a request, has the good ones accepted and tells the client which are not. */
@Component
public class IngestRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("platform-http:/api/v1/ingest?httpMethodRestrict=POST&useStreaming=true")
                .routeId("ingest-json").routeGroup("ingest").routeConfigurationId("ingest")
                .precondition("'{{app.roles}}' contains 'api'")
            .setBody(simple("${body?.readAllBytes}")).id("read")
            .bean("jsonBodyDecoder", "decode(${body}, ${header.strict}, ${header.Idempotency-Key})").id("decode-body")
            .bean("appCheck", "check(${body}, ${header.strict})").id("check-apps")
            .removeHeaders("*").id("forget-request")
            .to("direct:accept").id("hand-over")
            .setHeader("Log-Durability", simple("${body.durability.token}")).id("durability")
            .setHeader("Content-Type", constant("application/json")).id("content-type")
            .bean("ingestAnswer", "accepted").id("answer");
        // @formatter:on
    }
}
