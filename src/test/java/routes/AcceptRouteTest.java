package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import logaggregator.Batch;
import logaggregator.Durability;
import logaggregator.Rejection;
import logaggregator.UnavailableException;
import logaggregator.ingest.DirectAppend;
import logaggregator.queue.Backpressure;
import logaggregator.queue.QueueLoad;
import logaggregator.queue.QueueSafety;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcceptRouteTest extends RouteTest {

    private final List<String> calls = new ArrayList<>();
    private final FakeStore store = new FakeStore(calls);
    private final Faults redis = new Faults();
    private final FakeQueue queue = new FakeQueue(calls, new Faults());
    private final Backpressure backpressure = new Backpressure(queue, new QueueSafety(1_000, false, 0));
    private MockEndpoint enqueue;

    AcceptRouteTest() {
        super(new ErrorPolicies(), new AcceptRoute());
        bind("chunkCodec", new FakeEncoder());
        bind("logQueue", queue);
        bind("backpressure", backpressure);
        bind("directAppend", new DirectAppend());
        bind("logStore", store);
    }

    /** Stands in for the chunk codec. */
    public static class FakeEncoder {
        public List<Map<String, byte[]>> encode(Batch batch, String producer) {
            return batch.chunks().stream()
                    .map(chunk -> Map.of("data", chunk.data()))
                    .toList();
        }
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        camel.addComponent("redis-streams", new MockComponent(camel));
        return camel;
    }

    @BeforeEach
    void letTheQueueFailWhenTold() {
        enqueue = context.getEndpoint("redis-streams:logs:stream", MockEndpoint.class);
        enqueue.whenAnyExchangeReceived(exchange -> redis.strike());
    }

    @Test
    void a_batch_goes_to_the_queue_and_is_as_durable_as_the_queue() {
        Batch batch = Batches.of(2);

        assertThat(accept(batch)).isEqualTo(batch.withDurability(Durability.FSYNC));
        assertThat(enqueue.getExchanges()).hasSize(1);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void the_queue_is_given_one_entry_for_each_chunk() {
        Batch batch = Batches.of(2);
        accept(batch);

        assertThat(enqueue.getExchanges().get(0).getMessage().getBody())
                .isEqualTo(List.of(Map.of("data", batch.chunks().get(0).data())));
    }

    @Test
    void a_batch_that_the_queue_does_not_take_is_appended_to_the_store() {
        redis.unavailable(1);
        Batch batch = Batches.of(2);

        Batch accepted = accept(batch);

        assertThat(accepted).isEqualTo(batch.withDurability(Durability.POSTGRES));
        assertThat(accepted.durability().backend()).isEqualTo("db");
        assertThat(store.asked).extracting(Batches::messages).containsExactly(Batches.messages(batch));
    }

    @Test
    void a_queue_that_is_not_safe_enough_is_not_used() {
        queue.unsafe = true;

        assertThat(accept(Batches.of(1)).durability()).isEqualTo(Durability.POSTGRES);
        assertThat(enqueue.getExchanges()).isEmpty();
    }

    @Test
    void a_queue_whose_memory_is_full_is_left_to_the_workers() {
        queue.load = new QueueLoad(10, 10, 0, 0.95);
        backpressure.measure();

        assertThat(accept(Batches.of(1)).durability()).isEqualTo(Durability.POSTGRES);
        assertThat(enqueue.getExchanges()).isEmpty();
    }

    @Test
    void after_three_failures_the_queue_is_left_alone() {
        redis.unavailable(3);
        for (int i = 0; i < 4; i++) {
            assertThat(accept(Batches.of(1)).durability()).isEqualTo(Durability.POSTGRES);
        }

        assertThat(enqueue.getExchanges()).hasSize(3);
        assertThat(store.asked).hasSize(4);
    }

    @Test
    void one_failure_does_not_keep_the_next_batch_from_the_queue() {
        redis.unavailable(1);
        accept(Batches.of(1));

        assertThat(accept(Batches.of(1)).durability()).isEqualTo(Durability.FSYNC);
    }

    @Test
    void a_queue_that_works_again_is_used_again() {
        breaker().transitionToOpenState();
        breaker().transitionToHalfOpenState();

        assertThat(accept(Batches.of(1)).durability()).isEqualTo(Durability.FSYNC);
        assertThat(breaker().getCircuitBreakerState()).isEqualTo("CLOSED");
    }

    @Test
    void what_the_store_refuses_is_accepted_as_a_dead_letter_and_the_rest_is_stored() {
        redis.unavailable(1);
        Batch batch = Batches.of(3);
        store.refuseOnce(1);

        Batch accepted = accept(batch);

        assertThat(store.asked).hasSize(2);
        assertThat(Batches.messages(store.asked.get(1))).containsExactly("m0", "m2");
        assertThat(store.asked.get(1).deadLettered())
                .extracting(Rejection::index)
                .containsExactly(1);
        assertThat(accepted.chunks()).isEqualTo(batch.chunks());
        assertThat(accepted.deadLettered()).containsExactly(Batches.rejection(batch, 1));
        assertThat(accepted.durability()).isEqualTo(Durability.POSTGRES);
    }

    @Test
    void the_caller_learns_that_both_are_unavailable() {
        redis.unavailable(1);
        store.faults.unavailable(1);

        assertThat(send("direct:accept", Batches.of(1)).getException()).isInstanceOf(UnavailableException.class);
    }

    @Test
    void the_caller_learns_that_the_store_is_unavailable_while_the_queue_is_left_alone() {
        breaker().transitionToOpenState();
        store.faults.unavailable(1);

        assertThat(send("direct:accept", Batches.of(1)).getException()).isInstanceOf(UnavailableException.class);
        assertThat(enqueue.getExchanges()).isEmpty();
    }

    private Batch accept(Batch batch) {
        Exchange exchange = send("direct:accept", batch);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(Batch.class);
    }

    private ResilienceProcessor breaker() {
        return context.getProcessor("queue-breaker", ResilienceProcessor.class);
    }
}
