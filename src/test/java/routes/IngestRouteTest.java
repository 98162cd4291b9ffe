package routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import logaggregator.Batch;
import logaggregator.Chunk;
import logaggregator.Durability;
import logaggregator.app.AppCheck;
import logaggregator.app.AppLookup;
import logaggregator.ingest.IngestAnswer;
import logaggregator.ingest.IngestLimits;
import logaggregator.ingest.json.JsonBodyDecoder;
import logaggregator.ingest.json.JsonRecordDecoder;
import logaggregator.metrics.Metrics;
import logaggregator.receipt.Receipts;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;

class IngestRouteTest extends RouteTest {

    private static final String GOOD =
            "{\"app\":\"shop\",\"level\":\"INFO\",\"service\":\"cart\",\"message\":\"paid\"}";
    private static final String WITHOUT_APP = "{\"level\":\"INFO\",\"service\":\"cart\",\"message\":\"paid\"}";
    private static final int MAX_RECORDS = 3;

    private final ObjectMapper json = Jackson2ObjectMapperBuilder.json().build();
    private MockEndpoint accept;

    IngestRouteTest() {
        super(new ErrorPolicies(), new IngestRoute(), new RecogniseRoute());
        IngestLimits limits = new IngestLimits(1_000, 1 << 20, MAX_RECORDS, 500);
        bind("jsonBodyDecoder", new JsonBodyDecoder(limits, new JsonRecordDecoder(limits), Clock.systemUTC()));
        bind("receipts", new Receipts(new NoReceipts(), new FakeQueue(new ArrayList<>(), new Faults())));
        bind("admission", new FakeAdmission());
        bind("appCheck", new AppCheck(new FakeApps()));
        bind("producerCheck", new FakeProducerCheck());
        Metrics metrics = new Metrics(new SimpleMeterRegistry());
        bind("metrics", metrics);
        bind("ingestAnswer", new IngestAnswer(json, metrics));
        feed("ingest-json", "direct:request");
    }

    /** Knows one application. */
    private static final class FakeApps implements AppLookup {
        @Override
        public Map<Integer, String> find(Set<Integer> ids) {
            return Map.of(7, "shop");
        }

        @Override
        public Set<String> existing(Set<String> names) {
            return names;
        }

        @Override
        public Map<Integer, String> findKnown(Set<Integer> ids) {
            return find(ids);
        }

        @Override
        public Set<String> existingKnown(Set<String> names) {
            return names;
        }
    }

    /** Stands in for what keeps producers to their share; nobody is asked for a key here. */
    public static final class FakeProducerCheck {
        public void charge(Batch batch, Object request, Object response) {
            // there is no limit
        }

        public Batch check(Batch batch, Object request, Object response, String strict, String key) {
            return new AppCheck(new FakeApps()).check(batch, strict, key);
        }
    }

    /** Stands in for what knows how long the trouble may last. */
    public static final class FakeAdmission {
        public int retryAfterSeconds() {
            return 7;
        }
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        configuration.withMockEndpointsAndSkip("direct:accept");
    }

    @BeforeEach
    void acceptEverything() {
        accept = getMockEndpoint("mock:direct:accept");
        accept.whenAnyExchangeReceived(answer(batch -> batch.withDurability(Durability.EVERYSEC)));
    }

    @Test
    void tells_how_many_records_were_enqueued() {
        Message answer = post("[" + GOOD + "," + GOOD + "]");

        assertThat(text(answer)).isEqualTo("{\"enqueued\":2,\"backend\":\"redis\"}");
        assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isNull();
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void tells_how_durable_the_records_are() {
        assertThat(post(GOOD).getHeader("Log-Durability")).isEqualTo("everysec");
    }

    @Test
    void tells_that_the_records_are_in_the_database() {
        accept.whenAnyExchangeReceived(answer(batch -> batch.withDurability(Durability.POSTGRES)));

        Message answer = post(GOOD);

        assertThat(text(answer)).isEqualTo("{\"enqueued\":1,\"backend\":\"db\"}");
        assertThat(answer.getHeader("Log-Durability")).isEqualTo("postgres");
    }

    @Test
    void takes_one_record_per_line() {
        assertThat(read(post(GOOD + "\n" + GOOD)).get("enqueued").asInt()).isEqualTo(2);
    }

    @Test
    void does_not_echo_the_request() {
        Message answer = post(GOOD, Map.of("X-Api-Key", "secret", "User-Agent", "curl"));

        assertThat(answer.getHeaders()).containsOnlyKeys("Log-Durability", "Content-Type");
    }

    @Test
    void does_not_echo_a_request_that_failed() {
        Message answer = post("", Map.of("X-Api-Key", "secret", "User-Agent", "curl"));

        assertThat(answer.getHeaders()).containsOnlyKeys(Exchange.HTTP_RESPONSE_CODE, "Content-Type");
    }

    @Test
    void tells_which_record_was_rejected_and_accepts_the_others() {
        JsonNode answer = read(post(GOOD + "\n" + WITHOUT_APP));

        assertThat(answer.get("enqueued").asInt()).isEqualTo(1);
        assertThat(answer.get("rejected_count").asInt()).isEqualTo(1);
        assertThat(answer.at("/rejected/0/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/rejected/0/error").asText()).isNotBlank();
    }

    @Test
    void tells_which_record_became_a_dead_letter_at_once() {
        accept.whenAnyExchangeReceived(answer(
                batch -> new Batch(batch.chunks(), List.of(Batches.rejection(batch, 1)), Durability.POSTGRES, 0)));

        JsonNode answer = read(post(GOOD + "\n" + GOOD));

        assertThat(answer.get("enqueued").asInt()).isEqualTo(2);
        assertThat(answer.has("rejected")).isFalse();
        assertThat(answer.at("/dead_lettered/0/index").asInt()).isEqualTo(1);
    }

    @Test
    void answers_400_when_no_record_is_valid() {
        Message answer = post(WITHOUT_APP);

        assertProblem(answer, 400, "no_valid_record");
        assertThat(read(answer).at("/rejected/0/index").asInt(-1)).isZero();
        assertThat(accept.getExchanges()).isEmpty();
    }

    @Test
    void answers_400_when_there_is_no_body() {
        assertProblem(send("direct:request", null).getMessage(), 400, "empty_body");
    }

    @Test
    void accepts_all_or_nothing_when_asked_to() {
        assertProblem(post(GOOD + "\n" + WITHOUT_APP, Map.of("strict", "true")), 400, "invalid_record");
        assertThat(accept.getExchanges()).isEmpty();
    }

    @Test
    void refuses_records_that_name_an_app_which_does_not_exist() {
        String known = GOOD.replace("{", "{\"app_id\":7,");
        String mismatch = known.replace("shop", "other");
        String unknown = GOOD.replace("{", "{\"app_id\":8,");

        JsonNode answer = read(post(unknown + "\n" + known + "\n" + mismatch));

        assertThat(answer.get("enqueued").asInt()).isEqualTo(1);
        assertThat(answer.at("/rejected/0/index").asInt(-1)).isZero();
        assertThat(answer.at("/rejected/0/reason").asText()).isEqualTo("unknown_app");
        assertThat(answer.at("/rejected/1/index").asInt()).isEqualTo(2);
        assertThat(answer.at("/rejected/1/reason").asText()).isEqualTo("app_mismatch");
        Batch batch = accept.getExchanges().get(0).getMessage().getBody(Batch.class);
        assertThat(new String(batch.chunks().get(0).data(), UTF_8)).isEqualTo(known + "\n");
        assertProblem(post(unknown + "\n" + GOOD, Map.of("strict", "true")), 400, "invalid_record");
        assertProblem(post(unknown), 400, "no_valid_record");
    }

    @Test
    void accepts_a_request_that_has_a_key_as_a_whole_whether_or_not_apps_can_be_looked_up() {
        String unknown = GOOD.replace("{", "{\"app_id\":8,");

        JsonNode answer = read(post(GOOD + "\n" + unknown, Map.of("Idempotency-Key", "a")));

        assertThat(answer.get("enqueued").asInt()).isEqualTo(2);
        assertThat(answer.has("rejected")).isFalse();
        assertThat(answer.at("/dead_lettered/0/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/dead_lettered/0/reason").asText()).isEqualTo("unknown_app");
        Batch batch = accept.getExchanges().get(0).getMessage().getBody(Batch.class);
        assertThat(batch.size()).isEqualTo(2);
        assertProblem(post(unknown, Map.of("Idempotency-Key", "b")), 400, "no_valid_record");
    }

    @Test
    void answers_413_when_there_are_too_many_records() {
        assertProblem(post((GOOD + "\n").repeat(MAX_RECORDS + 1)), 413, "too_many_records");
    }

    @Test
    void names_a_request_by_its_idempotency_key() {
        post(GOOD, Map.of("idempotency-key", "a"));
        post(GOOD, Map.of("Idempotency-Key", "a"));
        post(GOOD, Map.of("Idempotency-Key", "b"));

        assertThat(chunkId(1)).isEqualTo(chunkId(0)).isNotEqualTo(chunkId(2));
    }

    @Test
    void answers_503_while_nothing_can_be_accepted() {
        accept.whenAnyExchangeReceived(failure(Faults.unavailable()));

        Message answer = post(GOOD);

        assertProblem(answer, 503, "unavailable");
        assertThat(answer.getHeader("Retry-After", Integer.class)).isPositive();
        assertThat(answer.getHeader("Log-Durability")).isNull();
    }

    @Test
    void answers_500_when_something_unforeseen_happens_and_keeps_it_to_itself() {
        accept.whenAnyExchangeReceived(failure(new IllegalStateException("the password is 1234")));

        Message answer = post(GOOD);

        assertProblem(answer, 500, "internal_error");
        assertThat(text(answer)).doesNotContain("1234", "IllegalState", "Exception", "java.", "logaggregator");
    }

    private Message post(String body) {
        return post(body, Map.of());
    }

    private Message post(String body, Map<String, Object> headers) {
        Exchange exchange = template().send("direct:request", request -> {
            request.getMessage().setBody(new ByteArrayInputStream(body.getBytes(UTF_8)));
            request.getMessage().setHeaders(headers);
        });
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage();
    }

    private void assertProblem(Message answer, int status, String code) {
        assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class)).isEqualTo(status);
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(read(answer).get("status").asInt()).isEqualTo(status);
        assertThat(read(answer).get("code").asText()).isEqualTo(code);
        assertThat(read(answer).get("detail").asText()).isNotBlank();
    }

    private JsonNode read(Message answer) {
        try {
            return json.readTree(text(answer));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text(answer), e);
        }
    }

    private static String text(Message answer) {
        return new String(answer.getBody(byte[].class), UTF_8);
    }

    private UUID chunkId(int request) {
        Batch batch = accept.getExchanges().get(request).getMessage().getBody(Batch.class);
        return batch.chunks().stream().map(Chunk::id).findFirst().orElseThrow();
    }

    private static Processor answer(UnaryOperator<Batch> outcome) {
        return exchange -> exchange.getMessage()
                .setBody(outcome.apply(exchange.getMessage().getBody(Batch.class)));
    }

    private static Processor failure(RuntimeException cause) {
        return exchange -> {
            throw cause;
        };
    }
}
