package routes;

import logaggregator.receipt.AckRequest;
import logaggregator.security.ProducerCheck;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Takes the records of a request, has the good ones accepted and tells the client which are not. */
@Component
public class IngestRoute extends RouteBuilder {

    @Override
    public void configure() {
        // @formatter:off
        from("servlet:" + IngestServlet.PATH + "?disableStreamCache=true")
                .routeId("ingest-json").routeGroup("ingest").routeConfigurationId("ingest")
                .precondition("'{{app.roles}}' contains 'api'")
            .setVariable("ack").method("receipts", "request(${header.ack}, ${header.Prefer}, ${header.Idempotency-Key})").id("read-wishes")
            .setVariable("traced").exchange(exchange -> wishes(exchange).traced()).id("trace")
            .setVariable("listed").exchange(exchange -> wishes(exchange).listed()).id("list")
            .convertBodyTo(byte[].class).id("read")
            .bean("jsonBodyDecoder", "decode(${body}, ${header.strict}, ${header.Idempotency-Key})").id("decode-body")
            .bean("appCheck", "check(${body}, ${header.strict}, ${header.Idempotency-Key})").id("check-apps")
            .filter(exchange -> ProducerCheck.applies(request(exchange))).id("is-limited")
                .bean("producerCheck", "check(${body}, ${header.CamelHttpServletRequest}, ${header.CamelHttpServletResponse}, ${header.strict}, ${header.Idempotency-Key})").id("check-producer")
            .end()
            .removeHeaders("*").id("forget-request")
            .filter(exchange -> wishes(exchange).keyed()).id("came-before")
                .to("direct:recognise").id("look-for-copies")
            .end()
            .to("direct:accept").id("hand-over")
            .filter(exchange -> wishes(exchange).patient()).id("is-patient")
                .setHeader("Preference-Applied", constant("wait")).id("preference")
                .setVariable("settled").method("receipts", "await(${body}, ${variable.ack})").id("await")
            .end()
            .setHeader("Log-Durability").method("ingestAnswer", "durability").id("durability")
            .setHeader("Content-Type", constant("application/json")).id("content-type")
            .bean("ingestAnswer", "accepted(${body}, ${variable.listed}, ${variable.settled})").id("answer");
        // @formatter:on
    }

    private static Object request(Exchange exchange) {
        return exchange.getMessage().getHeader("CamelHttpServletRequest");
    }

    private static AckRequest wishes(Exchange exchange) {
        return exchange.getVariable("ack", AckRequest.class);
    }
}
