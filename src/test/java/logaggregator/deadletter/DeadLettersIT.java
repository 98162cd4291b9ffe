package logaggregator.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.KillArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import logaggregator.queue.Backpressure;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters over the API, on servers of their own. */
class DeadLettersIT {

    private static final int MAX_LENGTH = 10;

    private static PostgresProcess postgres;
    private static RedisProcess redisServer;
    private static InProcessApp service;
    private static Api api;
    private static Database database;
    private static StatefulRedisConnection<String, String> connection;
    private static RedisCommands<String, String> redis;

    @BeforeAll
    static void start() {
        postgres = new PostgresProcess(Servers.newDirectory("dead-letters"));
        redisServer = new RedisProcess(Servers.newDirectory("dead-letters-redis"));
        // two consumers would set aside in another order what comes within milliseconds
        service = new InProcessApp(
                postgres, redisServer, "logs:stream", "dlq.max-length=" + MAX_LENGTH, "ingest.concurrent-consumers=1");
        api = service.api();
        database = new Database(postgres);
        connection = RedisConsole.connect(redisServer);
        redis = connection.sync();
    }

    @AfterAll
    static void stop() {
        connection.close();
        service.close();
        redisServer.close();
        postgres.close();
    }

    @BeforeEach
    void discardAll() {
        api.delete("/api/v1/dlq/?all=true");
        assertThat(letters("")).isEmpty();
        database.execute("DROP TRIGGER IF EXISTS refuse ON logs");
        Eventually.holds(() -> !service.bean(Backpressure.class).isMemoryFull());
    }

    @Test
    void a_letter_shows_all_that_is_known() {
        String entry = send("{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"a\"}");

        JsonNode letter = awaitLetters(1).get(0);

        assertThat(letter.get("reason").asText()).isEqualTo("missing_field");
        assertThat(letter.get("field").asText()).isEqualTo("message");
        assertThat(letter.get("error").asText()).isEqualTo("message is required");
        assertThat(letter.get("data").asText()).isEqualTo("{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"a\"}");
        assertThat(letter.get("msg_id").asText()).isEqualTo(entry);
        assertThat(letter.get("source").asText()).isEqualTo("logs:stream");
        assertThat(letter.get("attempts").asInt()).isEqualTo(1);
        assertThat(letter.get("line").asInt()).isEqualTo(1);
        assertThat(api.get("/api/v1/dlq/" + letter.get("id").asText()).body()).isEqualTo(letter);
    }

    @Test
    void letters_are_listed_newest_first_page_by_page_in_queue_and_archive() {
        for (int n = 0; n < 2 * MAX_LENGTH + 5; n++) {
            send("bad " + n);
        }
        Eventually.passes(() -> assertThat(redis.xlen("logs:stream:dlq")).isEqualTo(MAX_LENGTH));
        Eventually.passes(() ->
                assertThat(database.number("SELECT count(*) FROM dead_letters")).isEqualTo(MAX_LENGTH + 5));

        List<String> all = new ArrayList<>();
        String path = "/api/v1/dlq/?limit=7";
        while (path != null) {
            Api.Answer page = api.get(path);
            page.body().forEach(letter -> all.add(letter.get("data").asText()));
            path = page.response()
                    .headers()
                    .firstValue("Link")
                    .map(link -> link.substring(1, link.indexOf('>')))
                    .orElse(null);
        }

        List<String> expected = new ArrayList<>();
        for (int n = 2 * MAX_LENGTH + 4; n >= 0; n--) {
            expected.add("bad " + n);
        }
        assertThat(all).isEqualTo(expected);
    }

    @Test
    void letters_are_counted_by_reason_and_app() {
        send("nonsense");
        send("{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"a\"}");
        send("{\"message\":\"m\",\"service\":\"s\",\"app\":\"a\"}");
        awaitLetters(3);

        JsonNode counts = api.get("/api/v1/dlq/counts").body();
        assertThat(counts.get("total").asInt()).isEqualTo(3);
        assertThat(counts.get("by_reason").toString()).isEqualTo("{\"missing_field\":2,\"invalid_json\":1}");
        // what can't be read doesn't tell its app
        assertThat(counts.get("by_app").toString()).isEqualTo("{\"\":3}");
        assertThat(counts.get("complete").asBoolean()).isTrue();
        assertThat(api.get("/api/v1/dlq/counts?reason=invalid_json")
                        .body()
                        .get("total")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void letters_can_be_filtered() {
        send("nonsense");
        send("{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"a\"}");
        JsonNode newest = awaitLetters(2).get(0);

        assertThat(letters("reason=invalid_json")).hasSize(1);
        assertThat(letters("reason=nothing")).isEmpty();
        assertThat(letters("start_time=" + newest.get("failed_at").asText())).hasSize(1);
        assertThat(letters("end_time=" + newest.get("failed_at").asText())).hasSize(1);
    }

    @Test
    void a_replayed_record_is_stored_and_its_letter_is_gone() {
        refuse();
        api.ingest(Records.ndjson("replayed", 0, 3));
        awaitLetters(1);
        assertThat(letters("app=replayed")).hasSize(1);
        String id = letters("").get(0).get("id").asText();
        database.execute("DROP TRIGGER refuse ON logs");

        assertThat(replayed("/api/v1/dlq/" + id + "/replay")).isEqualTo(1);

        assertThat(letters("")).isEmpty();
        Eventually.passes(() -> assertThat(database.logs("replayed")).isEqualTo(3));
        assertThat(api.post("/api/v1/dlq/" + id + "/replay", new byte[0]).status())
                .isEqualTo(404);
    }

    @Test
    void a_record_that_fails_again_comes_back_once_with_its_attempts_raised() {
        send("still bad");
        JsonNode first = awaitLetters(1).get(0);

        for (int time = 1; time <= 3; time++) {
            int replays = time;
            assertThat(replayed("/api/v1/dlq/replay")).isEqualTo(1);
            Eventually.passes(() -> {
                assertThat(letters("")).hasSize(1);
                assertThat(letters("").get(0).get("replays").asInt()).isEqualTo(replays);
            });
        }

        JsonNode last = letters("").get(0);
        assertThat(last.get("attempts").asInt()).isEqualTo(4);
        assertThat(last.get("data").asText()).isEqualTo("still bad");
        assertThat(last.get("identity")).isEqualTo(first.get("identity"));
    }

    @Test
    void a_letter_that_is_twice_there_is_stored_once() {
        refuse();
        api.ingest(Records.json("twice", 0));
        awaitLetters(1);
        database.execute("DROP TRIGGER refuse ON logs");
        // as if a process had ended while it moved the letter
        Map<String, String> letter = redis.xrange("logs:stream:dlq", io.lettuce.core.Range.unbounded())
                .get(0)
                .getBody();
        redis.xadd("logs:stream:dlq", letter);

        api.post("/api/v1/dlq/replay", new byte[0]);
        api.post("/api/v1/dlq/replay", new byte[0]);

        Eventually.passes(() -> assertThat(ledger().get("in_flight").asInt()).isZero());
        assertThat(letters("")).isEmpty();
        assertThat(database.logs("twice")).isEqualTo(1);
    }

    @Test
    void letters_in_the_archive_can_be_replayed_and_discarded() {
        refuse();
        for (int n = 0; n < MAX_LENGTH + 4; n++) {
            api.ingest(Records.json("archived", 0));
        }
        Eventually.passes(() ->
                assertThat(database.number("SELECT count(*) FROM dead_letters")).isEqualTo(4));
        database.execute("DROP TRIGGER refuse ON logs");
        String oldest = letters("").get(MAX_LENGTH + 3).get("id").asText();

        assertThat(api.delete("/api/v1/dlq/" + oldest).status()).isEqualTo(200);
        assertThat(replayed("/api/v1/dlq/replay?app=archived")).isEqualTo(MAX_LENGTH + 3);

        Eventually.passes(() -> assertThat(database.logs("archived")).isEqualTo(MAX_LENGTH + 3));
        assertThat(letters("")).isEmpty();
    }

    @Test
    void while_redis_is_full_letters_go_to_the_archive_and_their_neighbours_are_stored() {
        String batch = Records.json("full", 1) + "\nbad while full\n" + Records.json("full", 2);
        redis.xadd("logs:stream:waiting", Map.of("data", batch));
        redis.xgroupCreate(StreamOffset.from("logs:stream:waiting", "0"), "ingest-group");
        redis.configSet("maxmemory", "1");
        try (InProcessApp worker = new InProcessApp(postgres, redisServer, "logs:stream:waiting", "app.roles=worker")) {
            Eventually.passes(() -> assertThat(database.logs("full")).isEqualTo(2));
            assertThat(database.column("SELECT convert_from(data, 'UTF8') FROM dead_letters"))
                    .containsExactly("bad while full");
        } finally {
            redis.configSet("maxmemory", "0");
        }
    }

    @Test
    void what_the_store_refuses_while_redis_takes_nothing_is_a_dead_letter_and_remains_the_only_one() {
        refuse();
        String body = "{\"level\":\"INFO\"}\n" + Records.ndjson("past the queue", 0, 3);
        redis.configSet("maxmemory", "1");
        Api.Answer answer;
        try {
            Eventually.holds(() -> service.bean(Backpressure.class).isMemoryFull());
            answer = api.ingest(body, "Idempotency-Key", "past the queue");
        } finally {
            redis.configSet("maxmemory", "0");
        }
        assertThat(answer.body().get("backend").asText()).isEqualTo("db");
        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(4);
        assertThat(answer.body().at("/dead_lettered/0/index").asInt(-1)).isZero();
        assertThat(answer.body().at("/dead_lettered/0/reason").asText()).isEqualTo("missing_field");
        assertThat(answer.body().at("/dead_lettered/1/index").asInt()).isEqualTo(1);
        assertThat(answer.body().at("/dead_lettered/1/reason").asText()).isEqualTo("sqlstate_22001");

        Eventually.holds(() -> !service.bean(Backpressure.class).isMemoryFull());
        JsonNode again = api.ingest(body, "Idempotency-Key", "past the queue").body();

        assertThat(again.get("backend").asText()).isEqualTo("redis");
        Eventually.passes(() -> assertThat(ledger().get("in_flight").asInt()).isZero());
        assertThat(database.logs("past the queue")).isEqualTo(2);
        assertThat(letters("reason=missing_field")).hasSize(1);
        assertThat(letters("app=past+the+queue")).singleElement().satisfies(letter -> assertThat(
                        letter.get("data").asText())
                .isEqualTo(Records.json("past the queue", 0).strip()));
        assertThat(ledger().get("difference").asInt()).isZero();
        database.execute("DROP TRIGGER refuse ON logs");
        assertThat(replayed("/api/v1/dlq/replay?app=past+the+queue")).isEqualTo(1);
        Eventually.passes(() -> assertThat(database.logs("past the queue")).isEqualTo(3));
    }

    @Test
    void a_replay_that_failed_and_is_mended_is_stored_by_the_next_one() {
        refuse();
        api.ingest(Records.json("mended", 0));
        awaitLetters(1);
        replayed("/api/v1/dlq/replay");
        Eventually.passes(
                () -> assertThat(letters("").findValuesAsText("replays")).containsExactly("1"));
        database.execute("DROP TRIGGER refuse ON logs");

        assertThat(replayed("/api/v1/dlq/replay")).isEqualTo(1);

        Eventually.passes(() -> assertThat(database.logs("mended")).isEqualTo(1));
        assertThat(letters("")).isEmpty();
        Eventually.passes(() -> assertThat(ledger().get("in_flight").asInt()).isZero());
        assertThat(ledger().get("difference").asInt()).isZero();
    }

    @Test
    void a_letter_that_was_replayed_while_it_moved_to_the_archive_does_not_come_back() {
        refuse();
        api.ingest(Records.json("moving", 0));
        awaitLetters(1);
        DeadLetterQueue queue = service.bean(DeadLetterQueue.class);
        List<DeadLetter> moving = queue.find(new DeadLetterFilter(null, null, null, null), null, 10);
        database.execute("DROP TRIGGER refuse ON logs");

        assertThat(replayed("/api/v1/dlq/replay")).isEqualTo(1);
        service.bean(DeadLetterArchive.class).keep(moving);

        assertThat(letters("")).isEmpty();
        assertThat(replayed("/api/v1/dlq/replay")).isZero();
        service.bean(DeadLetters.class).moveSurplus();
        assertThat(database.number("SELECT count(*) FROM dead_letters")).isZero();
        Eventually.passes(() -> assertThat(database.logs("moving")).isEqualTo(1));
    }

    @Test
    void a_letter_that_was_replayed_before_it_was_published_is_not_published() {
        refuse();
        api.ingest(Records.json("waiting", 0));
        awaitLetters(1);
        DeadLetterQueue queue = service.bean(DeadLetterQueue.class);
        DeadLetter letter = queue.find(new DeadLetterFilter(null, null, null, null), null, 10)
                .get(0);
        database.execute("DROP TRIGGER refuse ON logs");
        redis.del("logs:stream:dlq", "logs:stream:dlq:seen");

        assertThat(queue.replayFromElsewhere(letter)).isTrue();
        assertThat(queue.replayFromElsewhere(letter)).isFalse();
        queue.add(List.of(letter));

        assertThat(letters("")).isEmpty();
        Eventually.passes(() -> assertThat(database.logs("waiting")).isEqualTo(1));
    }

    @Test
    void a_redis_that_may_lose_them_is_given_no_letters() {
        redis.configSet("appendfsync", "everysec");
        try {
            Eventually.holds(() -> !service.bean(DeadLetterQueue.class).isSafe());
            send("not safe there");

            Eventually.passes(() -> assertThat(letters("")).hasSize(1));
            service.bean(DeadLetters.class).publish();
            assertThat(database.number("SELECT count(*) FROM dead_letters")).isEqualTo(1);
        } finally {
            redis.configSet("appendfsync", "always");
        }
        // over a new connection they are asked for at once
        redis.clientKill(KillArgs.Builder.typeNormal().skipme());
        Eventually.holds(() -> service.bean(DeadLetterQueue.class).isSafe());
    }

    @Test
    void a_letter_that_is_known_to_the_queue_already_leaves_the_database_and_is_not_added_again() {
        refuse();
        api.ingest(Records.json("published", 0));
        awaitLetters(1);
        Eventually.passes(() ->
                assertThat(database.number("SELECT count(*) FROM dead_letters")).isZero());
        // as if a process had ended after it had put the letter on the queue
        Map<String, String> letter = redis.xrange("logs:stream:dlq", io.lettuce.core.Range.unbounded())
                .get(0)
                .getBody();
        database.execute("INSERT INTO dead_letters SELECT 1, 1, '" + letter.get("identity")
                + ":0', 'published', 'r', now(), '', '{\"identity\":\"" + letter.get("identity")
                + "\",\"error\":\"\",\"receivedAt\":\"2026-01-01T00:00:00Z\",\"source\":\"\",\"entry\":\"\"}', true");

        service.bean(DeadLetters.class).publish();

        assertThat(database.number("SELECT count(*) FROM dead_letters")).isZero();
        assertThat(redis.xlen("logs:stream:dlq")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-1", "nonsense", "99999999999999999999-1"})
    void a_letter_that_does_not_exist_is_not_found(String id) {
        assertThat(api.get("/api/v1/dlq/" + id).status()).isEqualTo(404);
        assertThat(api.delete("/api/v1/dlq/" + id).status()).isEqualTo(404);
    }

    @Test
    void discarding_all_must_be_said() {
        assertThat(api.delete("/api/v1/dlq/").status()).isEqualTo(400);
        assertThat(api.get("/api/v1/dlq/?start_time=yesterday").status()).isEqualTo(400);
        assertThat(api.get("/api/v1/dlq/?before=yesterday").status()).isEqualTo(400);
    }

    private static String send(String data) {
        return redis.xadd("logs:stream", Map.of("data", data));
    }

    private static JsonNode letters(String query) {
        return api.get("/api/v1/dlq/?" + query).body();
    }

    private static JsonNode awaitLetters(int count) {
        Eventually.passes(() -> assertThat(letters("")).hasSize(count));
        return letters("");
    }

    private static int replayed(String path) {
        return api.post(path, new byte[0]).body().get("replayed").asInt();
    }

    private static JsonNode ledger() {
        return api.get("/api/v1/ledger").body();
    }

    /** Has the database refuse every record whose message is 0. */
    private static void refuse() {
        database.execute("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF NEW.message = '0' THEN RAISE EXCEPTION 'made by a test' USING ERRCODE = '22001'; END IF;"
                + " RETURN NEW; END $$");
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION refuse()");
    }
}
