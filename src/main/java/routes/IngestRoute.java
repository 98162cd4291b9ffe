package routes;

import logaggregator.receipt.AckRequest;
import logaggregator.security.ProducerCheck;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.common.HttpMessage;
import org.jspecify.annotations.Nullable;
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
            // the next step that makes a message of its own forgets them
            .setVariable("request").exchange(exchange -> request(exchange)).id("keep-request")
            .setVariable("response").exchange(exchange -> response(exchange)).id("keep-response")
            .setVariable("ack").method("receipts", "request(${header.ack}, ${header.Prefer}, ${header.Idempotency-Key})").id("read-wishes")
            .setVariable("traced").exchange(exchange -> wishes(exchange).traced()).id("trace")
            .setVariable("producer").exchange(exchange -> producer(exchange)).id("note-producer")
            .setVariable("listed").exchange(exchange -> wishes(exchange).listed()).id("list")
            .convertBodyTo(byte[].class).id("read")
            .bean("jsonBodyDecoder", "decode(${body}, ${header.strict}, ${header.Idempotency-Key})").id("decode-body")
            .filter(exchange -> ProducerCheck.applies(exchange.getVariable("request"))).id("is-counted")
                .bean("producerCheck", "charge(${body}, ${variable.request}, ${variable.response})").id("charge-producer")
            .end()
            .choice().id("is-limited")
                .when(exchange -> ProducerCheck.applies(exchange.getVariable("request"))).id("by-a-key")
                    .bean("producerCheck", "check(${body}, ${variable.request}, ${variable.response}, ${header.strict}, ${header.Idempotency-Key})").id("check-producer")
                .otherwise().id("freely")
                    .bean("appCheck", "check(${body}, ${header.strict}, ${header.Idempotency-Key})").id("check-apps")
            .end()
            .removeHeaders("*").id("forget-request")
            .filter(exchange -> wishes(exchange).keyed()).id("came-before")
                .to("direct:recognise").id("look-for-copies")
            .end()
            .to("direct:accept").id("hand-over")
            .bean("metrics", "accepted").id("count-accepted")
            .filter(exchange -> wishes(exchange).patient()).id("is-patient")
                .setHeader("Preference-Applied", constant("wait")).id("preference")
                .setVariable("settled").method("receipts", "await(${body}, ${variable.ack})").id("await")
            .end()
            .setHeader("Log-Durability").method("ingestAnswer", "durability").id("durability")
            .setHeader("Content-Type", constant("application/json")).id("content-type")
            .bean("ingestAnswer", "accepted(${body}, ${variable.listed}, ${variable.settled})").id("answer");
        // @formatter:on
    }

    private static @Nullable Object request(Exchange exchange) {
        return exchange.getMessage() instanceof HttpMessage message ? message.getRequest() : null;
    }

    private static @Nullable Object response(Exchange exchange) {
        return exchange.getMessage() instanceof HttpMessage message ? message.getResponse() : null;
    }

    /** Who may ask for the receipts; null when nobody will. */
    private static @Nullable String producer(Exchange exchange) {
        String account = wishes(exchange).traced() ? ProducerCheck.account(exchange.getVariable("request")) : "";
        return account.isEmpty() ? null : account;
    }

    private static AckRequest wishes(Exchange exchange) {
        return exchange.getVariable("ack", AckRequest.class);
    }
}
