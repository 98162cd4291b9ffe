package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A request is sent again under its key when its records would have another fate, or go into other chunks, than the first
 * time: what it is answered is true, and each record is there once.
 */
class KeyedRetriesIT {

    private static final String STREAM = "keyed-retries:stream";
    private static final String NO_REDIS = "redis://127.0.0.1:1/0";
    private static final String[] SMALL_LIMITS = {"ingest.max-message-length=20", "ingest.records-per-entry=3"};
    private static final int RECORDS = 1_100;

    /** Every hundredth message is longer than the small limits allow. */
    private static final List<Integer> LONG_ONES =
            IntStream.range(0, RECORDS).filter(n -> n % 100 == 50).boxed().toList();

    private static PostgresProcess postgres;
    private static Database database;
    private static InProcessApp small;
    private static InProcessApp usual;
    private static InProcessApp smallWithoutRedis;

    @BeforeAll
    static void start() {
        postgres = new PostgresProcess(Servers.newDirectory("keyed-retries"));
        database = new Database(postgres);
        // each with a queue of its own, so that its worker has its limits too
        small = new InProcessApp(postgres, Servers.redis(), STREAM + ":small", SMALL_LIMITS);
        usual = new InProcessApp(postgres, Servers.redis(), STREAM + ":usual");
        smallWithoutRedis = new InProcessApp(postgres, NO_REDIS, STREAM, withApiRole(SMALL_LIMITS));
    }

    @AfterAll
    static void stop() {
        smallWithoutRedis.close();
        usual.close();
        small.close();
        postgres.close();
    }

    @Test
    void a_record_that_was_refused_for_its_time_stays_a_dead_letter_when_its_time_has_come() {
        Instant tooFar = Instant.now().plus(Duration.ofHours(25)).plusSeconds(3);
        String future = record("early", "1").replaceFirst("\\{", "{\"timestamp\":\"" + tooFar + "\",");
        String body = String.join("\n", record("early", "0"), future, record("early", "2"));

        Answer first = ingest(usual, body, "early");
        Eventually.holds(() ->
                ingest(usual, future.replace("early", "time has come"), null).status() == 200);
        Answer second = ingest(usual, body, "early");

        assertDeadLettered(first, List.of(1));
        assertThat(first.body().get("enqueued").asInt()).isEqualTo(3);
        assertThat(first.body().get("stored").asInt()).isEqualTo(2);
        assertDeadLettered(second, List.of(1));
        assertThat(second.body().at("/dead_lettered/0/reason").asText()).isEqualTo("timestamp_out_of_range");
        assertThat(second.body().get("duplicates").asInt()).isEqualTo(3);
        assertThat(database.column("SELECT message FROM logs WHERE app = 'early' ORDER BY message"))
                .containsExactly("0", "2");
        assertThat(letters("early")).containsExactly(future);
        assertBooksClose();
    }

    @Test
    void what_was_too_long_stays_a_dead_letter_when_the_limits_grow() {
        Answer first = ingest(small, body("grow"), "grow");
        Answer second = ingest(usual, body("grow"), "grow");

        assertDeadLettered(first, LONG_ONES);
        assertDeadLettered(second, LONG_ONES);
        assertThat(second.body().get("duplicates").asInt()).isEqualTo(RECORDS);
        assertEachOnce("grow", RECORDS - LONG_ONES.size());
        assertThat(letters("grow")).hasSameSizeAs(LONG_ONES);
        assertBooksClose();
    }

    @Test
    void what_is_stored_stays_stored_when_the_limits_shrink() {
        Answer first = ingest(usual, body("shrink"), "shrink");
        Answer second = ingest(small, body("shrink"), "shrink");

        assertDeadLettered(first, List.of());
        assertDeadLettered(second, List.of());
        assertThat(second.body().get("stored").asInt()).isEqualTo(RECORDS);
        assertEachOnce("shrink", RECORDS);
        assertBooksClose();
    }

    @Test
    void what_went_past_the_queue_keeps_its_fate_when_it_comes_over_the_queue() {
        Answer first = send(smallWithoutRedis, body("direct"), "direct");
        Answer again = send(smallWithoutRedis, body("direct"), "direct");
        Answer queued = ingest(usual, body("direct"), "direct");

        assertThat(first.body().get("backend").asText()).isEqualTo("db");
        assertThat(first.body().get("enqueued").asInt()).isEqualTo(RECORDS);
        assertThat(first.body().has("duplicates")).isFalse();
        assertDeadLettered(first, LONG_ONES);
        assertThat(again.body().get("duplicates").asInt()).isEqualTo(RECORDS);
        assertDeadLettered(queued, LONG_ONES);
        assertEachOnce("direct", RECORDS - LONG_ONES.size());
        assertThat(letters("direct")).hasSameSizeAs(LONG_ONES);
        assertBooksClose();
    }

    @Test
    void what_came_over_the_queue_keeps_its_fate_when_it_goes_past_it() {
        ingest(usual, body("queued"), "queued");
        Answer direct = send(smallWithoutRedis, body("queued"), "queued");

        assertThat(direct.body().get("duplicates").asInt()).isEqualTo(RECORDS);
        assertDeadLettered(direct, List.of());
        assertEachOnce("queued", RECORDS);
        assertBooksClose();
    }

    @Test
    void a_mended_record_under_the_same_key_is_answered_as_the_dead_letter_it_is() {
        String broken = record("mended", "1").replace("\"level\"", "\"grade\"");
        ingest(usual, String.join("\n", record("mended", "0"), broken), "mended");

        Answer mended = ingest(usual, String.join("\n", record("mended", "0"), record("mended", "1")), "mended");

        assertDeadLettered(mended, List.of(1));
        assertThat(mended.body().at("/dead_lettered/0/reason").asText()).isEqualTo("missing_field");
        assertEachOnce("mended", 1);
        assertThat(letters("mended")).containsExactly(broken);
    }

    @Test
    void what_was_refused_as_a_whole_is_stored_when_it_comes_again() {
        String body = record("whole", "a message that is too long");

        assertThat(ingest(small, body, "whole").status()).isEqualTo(400);
        assertThat(ingest(usual, body, "whole").body().get("stored").asInt()).isEqualTo(1);
        assertEachOnce("whole", 1);
    }

    private static String[] withApiRole(String... settings) {
        return IntStream.rangeClosed(0, settings.length)
                .mapToObj(i -> i == 0 ? "app.roles=api" : settings[i - 1])
                .toArray(String[]::new);
    }

    private static String body(String app) {
        return IntStream.range(0, RECORDS)
                .mapToObj(n -> record(app, n + (LONG_ONES.contains(n) ? " is a long message" + ".".repeat(20) : "")))
                .collect(Collectors.joining("\n"));
    }

    private static String record(String app, String message) {
        return Records.json(app, 0).replace("\"message\":\"0\"", "\"message\":\"" + message + "\"");
    }

    private static Answer ingest(InProcessApp service, String body, String key) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String path = "/api/v1/ingest/?ack=stored";
        return key == null ? service.api().post(path, bytes) : service.api().post(path, bytes, "Idempotency-Key", key);
    }

    private static Answer send(InProcessApp service, String body, String key) {
        Answer answer = service.api().ingest(body, "Idempotency-Key", key);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        return answer;
    }

    private static void assertDeadLettered(Answer answer, List<Integer> places) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.body().path("dead_lettered").findValues("index"))
                .as("%s", answer.body())
                .extracting(JsonNode::asInt)
                .containsExactlyElementsOf(places);
        assertThat(answer.body().has("rejected")).as("%s", answer.body()).isFalse();
    }

    private static void assertEachOnce(String app, int logs) {
        assertThat(database.logs(app)).isEqualTo(logs);
        assertThat(database.differentMessages(app)).isEqualTo(logs);
    }

    /** What is set aside of an app, as it was sent. */
    private static List<String> letters(String app) {
        Eventually.holds(() -> database.number("SELECT count(*) FROM dead_letters WHERE waiting") == 0);
        return Stream.of(small, usual)
                .flatMap(service -> service.api().get("/api/v1/dlq/?limit=1000").body().findValues("data").stream())
                .map(JsonNode::asText)
                .filter(data -> data.contains("\"app\":\"" + app + "\""))
                .toList();
    }

    private static void assertBooksClose() {
        Eventually.passes(() -> {
            JsonNode books = usual.api().get("/api/v1/ledger").body();
            assertThat(books.get("in_flight").asInt()).as("%s", books).isZero();
            assertThat(books.get("difference").asInt()).as("%s", books).isZero();
        });
    }
}
