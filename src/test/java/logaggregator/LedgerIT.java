package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import logaggregator.ledger.LedgerBook;
import logaggregator.store.StoreMaintenance;
import logaggregator.support.Api;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.Servers;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The books close, whatever comes in and however often. */
class LedgerIT {

    private static final String STREAM = "ledger-it:stream";

    private static PostgresProcess postgres;
    private static InProcessApp app;
    private static Api api;
    private static StatefulRedisConnection<String, String> connection;
    private static RedisCommands<String, String> redis;

    @BeforeAll
    static void start() {
        // the ledger is about all of a database
        postgres = new PostgresProcess(Servers.newDirectory("ledger"));
        app = new InProcessApp(postgres, Servers.redis(), STREAM);
        api = app.api();
        connection = RedisConsole.connect(Servers.redis());
        redis = connection.sync();
    }

    @AfterAll
    static void stop() {
        connection.close();
        app.close();
        postgres.close();
    }

    @Test
    void what_is_accepted_is_stored() {
        api.ingest(Records.ndjson("plain", 0, 700) + "\n" + Records.ndjson("plain-too", 0, 300));

        awaitLine("plain", 700, 700, 0, 0);
        awaitLine("plain-too", 300, 300, 0, 0);
    }

    @Test
    void a_request_that_comes_again_is_a_duplicate_and_the_answer_says_so() {
        String body = Records.ndjson("again", 0, 700);
        api.ingest(body, "Idempotency-Key", "again-1");
        awaitLine("again", 700, 700, 0, 0);

        Api.Answer second = api.ingest(body, "Idempotency-Key", "again-1");

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().get("duplicates").asInt()).isEqualTo(700);
        awaitLine("again", 1400, 700, 700, 0);
    }

    @Test
    void a_record_that_its_producer_has_named_is_stored_once_per_app() {
        String one = named("named", "a") + "\n" + named("named", "a") + "\n" + named("named", "b");
        api.ingest(one);
        awaitLine("named", 3, 2, 1, 0);

        api.ingest(named("named", "b") + "\n" + named("named", "c") + "\n" + named("named-too", "a"));

        awaitLine("named", 5, 3, 2, 0);
        awaitLine("named-too", 1, 1, 0, 0);
        assertThat(api.get("/api/v1/logs/?app=named").body()).hasSize(3);
    }

    @Test
    void what_another_producer_put_on_the_queue_is_counted_when_it_is_stored() {
        redis.xadd(STREAM, Map.of("data", Records.json("foreign", 1)));
        redis.xadd(STREAM, Map.of("data", Records.json("foreign", 2)));

        awaitLine("foreign", 2, 2, 0, 0);
    }

    @Test
    void dead_letters_are_on_the_books_and_leave_them_when_they_are_replayed() {
        long before = line("(unknown)").path("dead_lettered").asLong();
        redis.xadd(STREAM, Map.of("data", "{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"poison\"}"));
        Eventually.passes(() ->
                assertThat(line("(unknown)").path("dead_lettered").asLong()).isEqualTo(before + 1));
        assertCloses();

        assertThat(api.post("/api/v1/dlq/replay", new byte[0])
                        .body()
                        .get("replayed")
                        .asInt())
                .isEqualTo(1);

        // it fails again: nothing has changed
        Eventually.passes(
                () -> assertThat(api.get("/api/v1/dlq/").body().at("/0/replays").asInt())
                        .isEqualTo(1));
        Eventually.passes(() ->
                assertThat(line("(unknown)").path("dead_lettered").asLong()).isEqualTo(before + 1));
        assertCloses();
    }

    @Test
    void an_app_that_is_named_by_its_id_is_counted_with_its_name() {
        api.ingest(Records.json("by-id", 0));
        awaitLine("by-id", 1, 1, 0, 0);
        int id = api.get("/api/v1/logs/?app=by-id").body().at("/0/app_id").asInt();

        api.ingest("{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":" + id + "}");

        awaitLine("by-id", 2, 2, 0, 0);
    }

    @Test
    void the_books_are_the_same_after_they_were_folded() {
        api.ingest(Records.ndjson("folded", 0, 10));
        awaitLine("folded", 10, 10, 0, 0);

        app.bean(StoreMaintenance.class).foldCounts();

        awaitLine("folded", 10, 10, 0, 0);
    }

    @Test
    void what_an_emptied_queue_had_stays_on_the_books_and_what_it_lost_is_the_difference() {
        RedisCommands<String, String> own = redis;
        try (InProcessApp other = new InProcessApp(postgres, Servers.redis(), STREAM + ":2", "app.roles=api")) {
            other.api().ingest(Records.ndjson("emptied", 0, 10));
            other.bean(LedgerBook.class).note();
            assertThat(line(other.api(), "emptied").get("in_flight").asInt()).isEqualTo(10);

            own.del(STREAM + ":2", STREAM + ":2:ledger");

            JsonNode line = line(other.api(), "emptied");
            assertThat(line.get("accepted").asInt()).isEqualTo(10);
            assertThat(line.get("in_flight").asInt()).isZero();
            assertThat(line.get("difference").asInt()).isEqualTo(10);
        } finally {
            new logaggregator.support.Database(postgres).execute("DELETE FROM ledger_queues WHERE app = 'emptied'");
        }
    }

    /** As when Redis is started twice before anybody has looked. */
    @Test
    void what_was_replayed_from_a_ledger_that_nobody_has_seen_is_no_dead_letter() throws Exception {
        String stream = STREAM + ":3";
        // processes of one database share their dead letters
        try (PostgresProcess own = new PostgresProcess(Servers.newDirectory("ledger-unseen"));
                InProcessApp other = new InProcessApp(own, Servers.redis(), stream)) {
            redis.xadd(stream, Map.of("data", "{\"level\":\"INFO\",\"service\":\"s\",\"app\":\"unseen\"}"));
            Eventually.passes(
                    () -> assertThat(other.api().get("/api/v1/dlq/").body()).hasSize(1));
            other.bean(CamelContext.class).getRouteController().stopRoute("note-ledger");

            assertThat(other.api()
                            .post("/api/v1/dlq/replay", new byte[0])
                            .body()
                            .get("replayed")
                            .asInt())
                    .isEqualTo(1);
            Eventually.passes(() -> assertThat(other.api()
                            .get("/api/v1/dlq/")
                            .body()
                            .at("/0/replays")
                            .asInt())
                    .isEqualTo(1));
            Eventually.holds(() -> redis.xlen(stream) == 0);
            redis.del(stream + ":ledger", stream + ":ledger:last");

            JsonNode ledger = other.api().get("/api/v1/ledger").body();
            assertThat(ledger.get("dead_lettered").asInt()).isEqualTo(1);
            assertThat(ledger.get("difference").asInt()).isZero();
        }
    }

    private static String named(String appName, String key) {
        return "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app\":\"" + appName
                + "\",\"metadata_\":{\"x\":{\"idempotency_key\":1},\"idempotency_key\":\"" + key + "\"}}";
    }

    private static void awaitLine(String appName, int accepted, int stored, int duplicate, int deadLettered) {
        Eventually.passes(() -> {
            JsonNode line = line(appName);
            assertThat(line.path("accepted").asInt()).isEqualTo(accepted);
            assertThat(line.path("stored").asInt()).isEqualTo(stored);
            assertThat(line.path("duplicate").asInt()).isEqualTo(duplicate);
            assertThat(line.path("dead_lettered").asInt()).isEqualTo(deadLettered);
            assertThat(line.path("in_flight").asInt()).isZero();
            assertThat(line.path("difference").asInt()).isZero();
        });
        assertCloses();
    }

    private static void assertCloses() {
        Eventually.passes(() -> {
            JsonNode ledger = api.get("/api/v1/ledger").body();
            assertThat(ledger.get("in_flight").asLong()).as("%s", ledger).isZero();
            assertThat(ledger.get("difference").asLong()).as("%s", ledger).isZero();
        });
    }

    private static JsonNode line(String appName) {
        return line(api, appName);
    }

    private static JsonNode line(Api service, String appName) {
        for (JsonNode line : service.get("/api/v1/ledger").body().path("apps")) {
            if (line.get("app").asText().equals(appName)) {
                return line;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
