package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Batch;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class DeadLetterRouteTest extends RouteTest {

    private final List<String> calls = new ArrayList<>();
    private final FakeDeadLetters deadLetters = new FakeDeadLetters(calls);

    DeadLetterRouteTest() {
        super(new ErrorPolicies(), new DeadLetterRoute());
        bind("deadLetters", deadLetters);
    }

    @Test
    void what_was_stored_with_the_batch_is_published_and_the_batch_goes_on_as_it_is() {
        Batch batch = Batches.of(2);

        Exchange exchange = send("direct:dead-letter", batch);

        assertThat(calls).containsExactly("publish");
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isSameAs(batch);
    }

    @Test
    void the_batch_goes_on_when_a_server_is_away() {
        deadLetters.faults.unavailable(1);

        assertThat(send("direct:dead-letter", Batches.of(1)).getException()).isNull();
    }

    @Test
    void a_bug_is_not_hidden() {
        deadLetters.faults.add(new IllegalStateException("a bug"));

        assertThat(send("direct:dead-letter", Batches.of(1)).getException()).hasMessageContaining("a bug");
    }
}
