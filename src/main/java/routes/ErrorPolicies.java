package routes;

import logaggregator.UnavailableException;
import logaggregator.alert.AlertDedup;
import logaggregator.alert.AlertEvent;
import logaggregator.ingest.InvalidBodyException;
import logaggregator.metrics.Metrics;
import logaggregator.ops.HealthMonitor;
import logaggregator.receipt.NotStoredYetException;
import logaggregator.store.SchemaException;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.OnExceptionDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** What happens when a route fails; each route names its policy, and nowhere else are errors handled. */
@Component
public class ErrorPolicies extends RouteConfigurationBuilder {

    private static final int FOR_EVER = -1;

    /** Called before each new attempt to store a batch. */
    @Bean
    static Processor storeTrouble(HealthMonitor health, Metrics metrics) {
        return exchange -> {
            metrics.storeFailed();
            health.reportTrouble("store", exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        };
    }

    /** Called before each new attempt of a channel: none is made for what was given up meanwhile, and may be told anew. */
    @Bean
    static Processor channelTriesAgain() {
        return exchange -> {
            ChannelDelivery delivery = exchange.getProperty(ChannelDelivery.PROPERTY, ChannelDelivery.class);
            exchange.setRouteStop(delivery != null && !delivery.isUnderWay());
            exchange.setProperty(
                    ChannelResults.TRIED_AGAIN, 1 + exchange.getProperty(ChannelResults.TRIED_AGAIN, 0, Integer.class));
        };
    }

    /** Called before each new attempt to note what was told. */
    @Bean
    static Processor noteLater(AlertDedup dedup) {
        return exchange -> dedup.keep(exchange.getVariable("event", AlertEvent.class));
    }

    @Override
    public void configuration() {
        // @formatter:off
        // the route that called decides
        routeConfiguration("caller").errorHandler(noErrorHandler());

        // the client is told: its own faults in detail, ours as 503 (send it again) or 500
        routeConfiguration("ingest")
            .onException(UnavailableException.class)
                .handled(true).logStackTrace(false)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(503))
                .setHeader("Retry-After").method("admission", "retryAfterSeconds")
                .setHeader("Content-Type", constant("application/problem+json"))
                .bean("ingestAnswer", "unavailable")
            .end()
            .onException(NotStoredYetException.class)
                .handled(true).logStackTrace(false)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(504))
                .setHeader("Content-Type", constant("application/problem+json"))
                .bean("ingestAnswer", "notStoredYet")
            .end()
            .onException(InvalidBodyException.class)
                .handled(true).logStackTrace(false)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE).method("ingestAnswer", "status(${exception})")
                .setHeader("Content-Type", constant("application/problem+json"))
                .bean("ingestAnswer", "problem(${exception})")
            .end()
            .onException(Exception.class)
                .handled(true).logHandled(true)
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(500))
                .setHeader("Content-Type", constant("application/problem+json"))
                .bean("ingestAnswer", "problem(${exception})")
            .end();

        // the batch stays in memory and is tried again until the database takes it; anything else is a fault of this
        // program: the entries stay pending and come again, in the end one by one
        OnExceptionDefinition storeLater = routeConfiguration("store")
            .onException(UnavailableException.class)
                .maximumRedeliveries(FOR_EVER).redeliveryDelay(200).maximumRedeliveryDelay(2_000)
                .useExponentialBackOff().backOffMultiplier(2).useCollisionAvoidance().collisionAvoidancePercent(20)
                .onRedeliveryRef("storeTrouble")
                .retryAttemptedLogLevel(LoggingLevel.DEBUG)
                .retriesExhaustedLogLevel(LoggingLevel.DEBUG).logStackTrace(false);
        // what isn't stored when the process ends is still in the queue
        storeLater.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);

        // the next tick tries again; /health tells
        routeConfiguration("alerts")
            .onException(Exception.class)
                .handled(true).logStackTrace(false).logExhausted(false)
                .bean("evaluationTurn", "fail(${exception})")
            .end();

        // what became of it at the channels is noted as soon as the database is there, for an hour; until then nobody tells it again
        routeConfiguration("deliver-alert")
            .onException(UnavailableException.class)
                .maximumRedeliveries(720).redeliveryDelay(500).maximumRedeliveryDelay(5_000)
                .useExponentialBackOff().backOffMultiplier(2)
                .asyncDelayedRedelivery().onRedeliveryRef("noteLater")
                .retryAttemptedLogLevel(LoggingLevel.DEBUG)
                .handled(true).logStackTrace(false)
                .log(LoggingLevel.WARN, "What became of an alert could not be noted: ${exception.message}")
            .end()
            .onException(Exception.class)
                .handled(true).logHandled(true)
            .end();

        // a channel's step is tried three times; then its failure is a result (ChannelResults), which says it without secrets
        OnExceptionDefinition channel = routeConfiguration("channel")
            .onException(Exception.class)
                .maximumRedeliveries(2).redeliveryDelay(250).useExponentialBackOff().backOffMultiplier(2)
                .onRedeliveryRef("channelTriesAgain")
                .retryAttemptedLogLevel(LoggingLevel.OFF)
                .retriesExhaustedLogLevel(LoggingLevel.OFF).logStackTrace(false).logExhausted(false);
        channel.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);

        // the next tick tries again
        routeConfiguration("maintenance")
            .onException(SchemaException.class)
                .handled(true).logStackTrace(false)
                .bean("healthMonitor", "reportTrouble('schema', ${exception})")
            .end()
            .onException(UnavailableException.class)
                .handled(true).logStackTrace(false)
                .log(LoggingLevel.DEBUG, "${routeId}: ${exception.message}")
            .end();
        // @formatter:on
    }
}
