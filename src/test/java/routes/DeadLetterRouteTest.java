package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import logaggregator.Batch;
import logaggregator.UnavailableException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class DeadLetterRouteTest extends RouteTest {

    private final FakeDeadLetters deadLetters = new FakeDeadLetters(new ArrayList<>());

    DeadLetterRouteTest() {
        super(new ErrorPolicies(), new DeadLetterRoute());
        bind("deadLetters", deadLetters);
    }

    @Test
    void a_batch_with_rejections_is_added_and_goes_on_as_it_is() {
        Batch batch = withRejection();

        Exchange exchange = send("direct:dead-letter", batch);

        assertThat(deadLetters.added).containsExactly(batch);
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isSameAs(batch);
    }

    @Test
    void a_batch_without_rejections_goes_on_at_once() {
        Batch batch = Batches.of(2);

        Exchange exchange = send("direct:dead-letter", batch);

        assertThat(deadLetters.added).isEmpty();
        assertThat(exchange.getMessage().getBody()).isSameAs(batch);
    }

    @Test
    void the_caller_learns_that_the_queue_is_unavailable() {
        deadLetters.faults.unavailable(1);

        assertThat(send("direct:dead-letter", withRejection()).getException()).isInstanceOf(UnavailableException.class);
    }

    private static Batch withRejection() {
        Batch batch = Batches.of(2);
        return batch.without(List.of(Batches.rejection(batch, 0)));
    }
}
