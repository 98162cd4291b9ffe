package routes;

import java.util.Locale;
import logaggregator.ops.Breakers;
import org.apache.camel.CamelContext;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks Camel. Thread-safe. */
@Component
class BreakerStates implements Breakers {

    private final CamelContext camel;

    BreakerStates(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public String state(String step) {
        @Nullable ResilienceProcessor breaker = camel.getProcessor(step, ResilienceProcessor.class);
        @Nullable String state = breaker == null ? null : breaker.getCircuitBreakerState();
        return state == null ? "" : state.toLowerCase(Locale.ROOT);
    }
}
