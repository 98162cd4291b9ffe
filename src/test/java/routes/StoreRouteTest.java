package routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import logaggregator.Batch;
import logaggregator.Durability;
import logaggregator.Rejection;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.ingest.json.NdjsonDecoder;
import logaggregator.metrics.Metrics;
import logaggregator.ops.HealthMonitor;
import logaggregator.queue.ChunkCodec;
import logaggregator.queue.Delivery;
import logaggregator.queue.QueueSettings;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.junit.jupiter.api.Test;

/** The queue acknowledges a poll when its exchange ends without an exception, so that is what is looked at here. */
class StoreRouteTest extends RouteTest {

    private static final String GOOD =
            "{\"app\":\"shop\",\"level\":\"INFO\",\"service\":\"cart\",\"message\":\"%s\"}\n";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-05-01T12:00:00Z"), ZoneOffset.UTC);

    private final List<String> calls = new ArrayList<>();
    private final FakeStore store = new FakeStore(calls);
    private final FakeDeadLetters deadLetters = new FakeDeadLetters(calls);
    private final Faults decoder = new Faults();
    private final HealthMonitor health = new HealthMonitor(
            new FakeMaintenance(calls, new Faults()), new FakeQueue(calls, new Faults()), List.of(), CLOCK);

    StoreRouteTest() {
        super(new ErrorPolicies(), new StoreRoute(), new DeadLetterRoute());
        bind("chunkCodec", new Codec(decoder));
        bind("logStore", store);
        bind("deadLetters", deadLetters);
        bind("storeTrouble", ErrorPolicies.storeTrouble(health, new Metrics(new SimpleMeterRegistry())));
        feed("read-queue-1", "direct:poll");
        feed("read-queue-2", "direct:other-poll");
    }

    /** The real one, if nothing keeps it from working. */
    public static class Codec {
        private final Faults faults;
        private final ChunkCodec codec = new ChunkCodec(
                new NdjsonDecoder(new JsonRecordDecoder(new IngestLimits(1_000, 1 << 20, 1_000, 500))),
                new QueueSettings("logs:stream", "ingest-group", "logs:dlq", "me", 1, 500, 2_000, 60_000, 10));

        Codec(Faults faults) {
            this.faults = faults;
        }

        public Batch decode(List<Delivery> deliveries) {
            faults.strike();
            return codec.decode(deliveries);
        }
    }

    @Test
    void a_batch_is_appended_once() {
        Exchange poll = poll(GOOD.formatted("a") + GOOD.formatted("b"), GOOD.formatted("c"));

        assertThat(poll.getException()).isNull();
        assertThat(calls).containsExactly("append");
        assertThat(Batches.messages(store.asked.get(0))).containsExactly("a", "b", "c");
        assertThat(poll.getMessage().getBody(Batch.class).durability()).isEqualTo(Durability.POSTGRES);
    }

    @Test
    void a_bad_record_is_given_to_the_store_with_its_neighbours_and_published_afterwards() {
        Exchange poll = poll(GOOD.formatted("a") + "nonsense\n" + GOOD.formatted("c"));

        assertThat(poll.getException()).isNull();
        assertThat(calls).containsExactly("append", "publish");
        assertThat(store.asked.get(0).deadLettered())
                .extracting(Rejection::index)
                .containsExactly(1);
        assertThat(Batches.messages(store.asked.get(0))).containsExactly("a", "c");
    }

    @Test
    void a_record_the_store_refuses_is_given_to_it_again_as_a_dead_letter() {
        store.refuseOnce(1);

        Exchange poll = poll(GOOD.formatted("a") + GOOD.formatted("b") + GOOD.formatted("c"));

        assertThat(poll.getException()).isNull();
        assertThat(calls).containsExactly("append", "append", "publish");
        assertThat(store.asked.get(1).deadLettered())
                .extracting(Rejection::index)
                .containsExactly(1);
        assertThat(Batches.messages(store.asked.get(1))).containsExactly("a", "c");
    }

    @Test
    void a_batch_whose_dead_letters_cannot_be_published_now_is_acknowledged() {
        deadLetters.faults.unavailable(1);

        Exchange poll = poll(GOOD.formatted("a") + "nonsense\n");

        assertThat(poll.getException()).isNull();
        assertThat(poll.getMessage().getBody(Batch.class).isSafe()).isTrue();
    }

    @Test
    void a_batch_is_appended_again_until_the_store_takes_it() {
        store.faults.unavailable(2);

        Exchange poll = poll(GOOD.formatted("a"));

        assertThat(poll.getException()).isNull();
        assertThat(calls).containsExactly("append", "append", "append");
        assertThat(store.asked)
                .allSatisfy(batch -> assertThat(Batches.messages(batch)).containsExactly("a"));
    }

    @Test
    void the_health_monitor_learns_that_the_store_does_not_work() {
        store.faults.unavailable(1);

        poll(GOOD.formatted("a"));

        assertThat(health.downSince()).containsExactly(Map.entry("store", CLOCK.instant()));
    }

    @Test
    void a_batch_that_cannot_be_decoded_is_not_acknowledged() {
        decoder.add(new IllegalStateException("a bug"));

        Exchange poll = poll(GOOD.formatted("a"));

        assertThat(poll.getException()).hasMessageContaining("a bug");
        assertThat(calls).isEmpty();
    }

    @Test
    void a_batch_the_store_fails_on_for_another_reason_is_not_acknowledged_and_not_tried_again() {
        store.faults.add(new IllegalStateException("a bug"));

        Exchange poll = poll(GOOD.formatted("a"));

        assertThat(poll.getException()).isInstanceOf(IllegalStateException.class);
        assertThat(calls).containsExactly("append");
    }

    @Test
    void a_batch_that_is_still_tried_when_the_service_stops_is_not_acknowledged() throws Exception {
        store.faults.unavailable(1_000);
        context.getShutdownStrategy().setTimeout(1);
        NotifyBuilder received = new NotifyBuilder(context)
                .fromRoute("read-queue-1")
                .whenReceived(1)
                .create();

        CompletableFuture<Exchange> poll = template()
                .asyncSend("direct:poll", exchange -> exchange.getMessage().setBody(List.of()));
        assertThat(received.matchesWaitTime()).isTrue();
        context.stop();

        assertThat(poll.get().getException()).isNotNull();
    }

    private Exchange poll(String... data) {
        List<Delivery> deliveries = new ArrayList<>();
        for (String records : data) {
            deliveries.add(new Delivery(
                    (1_700_000_000_000L + deliveries.size()) + "-0", Map.of("data", records.getBytes(UTF_8)), 1));
        }
        return send("direct:poll", deliveries);
    }
}
