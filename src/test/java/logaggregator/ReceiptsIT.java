package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Producers learn what became of their records. */
class ReceiptsIT {

    private static final String STREAM = "receipts-it:stream";

    private static InProcessApp service;
    private static Api api;
    private static Database database;

    @BeforeAll
    static void start() {
        service = new InProcessApp(Servers.postgres(), Servers.redis(), STREAM);
        api = service.api();
        database = new Database(Servers.postgres());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void an_answer_can_wait_until_the_records_are_stored() {
        Answer answer = ingest("?ack=stored", Records.ndjson("waits", 0, 700));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(700);
        assertThat(answer.body().get("stored").asInt()).isEqualTo(700);
        assertThat(answer.body().get("receipts")).hasSize(2);
        assertThat(database.logs("waits")).isEqualTo(700);
    }

    @ParameterizedTest
    @CsvSource({"wait", "wait=5", "'respond-async, wait=5'"})
    void the_standard_header_asks_for_it_as_well(String prefer) {
        Answer answer = api.ingest(Records.json("prefers", 1), "Prefer", prefer);

        assertThat(answer.body().get("stored").asInt()).isEqualTo(1);
    }

    @Test
    void a_waiting_answer_names_the_records_that_became_dead_letters() {
        refuse("bad-in-store", "NEW.message = '600'");
        try {
            Answer answer = ingest("?ack=stored", Records.ndjson("bad-in-store", 0, 700));

            assertThat(answer.body().get("stored").asInt()).isEqualTo(699);
            JsonNode letter = answer.body().get("dead_lettered").get(0);
            assertThat(letter.get("index").asInt()).isEqualTo(600);
            assertThat(letter.get("reason").asText()).isEqualTo("sqlstate_22001");
            JsonNode receipt =
                    receipt(answer.body().get("receipts").get(1).asText()).body();
            assertThat(receipt.get("status").asText()).isEqualTo("stored");
            assertThat(receipt.get("stored").asInt()).isEqualTo(199);
            assertThat(receipt.at("/dead_lettered/0/reason").asText()).isEqualTo("sqlstate_22001");
        } finally {
            database.execute("DROP TRIGGER refuse ON logs");
        }
    }

    @Test
    void a_chunk_of_which_nothing_could_be_stored_is_dead_lettered() {
        refuse("all-bad", "true");
        try {
            Answer answer = ingest("?ack=stored", Records.json("all-bad", 1));

            assertThat(answer.body().get("stored").asInt()).isZero();
            JsonNode receipt =
                    receipt(answer.body().get("receipts").get(0).asText()).body();
            assertThat(receipt.get("status").asText()).isEqualTo("dead-lettered");
        } finally {
            database.execute("DROP TRIGGER refuse ON logs");
        }
    }

    @Test
    void what_is_not_stored_in_time_is_accepted_all_the_same() {
        String id;
        try (InProcessApp door =
                new InProcessApp(Servers.postgres(), Servers.redis(), STREAM + ":2", "app.roles=api")) {
            String body = Records.json("later", 1) + "\n{\"message\":\"no app\"}";
            Answer answer = door.api().post("/api/v1/ingest/", body.getBytes(), "Prefer", "wait=1");

            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body().get("code").asText()).isEqualTo("not_stored_yet");
            assertThat(answer.body().get("detail").asText()).contains("accepted, not yet stored");
            assertThat(answer.body().get("enqueued").asInt()).isOne();
            assertThat(answer.body().at("/rejected/0/index").asInt()).isOne();
            assertThat(answer.body().get("rejected_count").asInt()).isOne();
            id = answer.body().get("receipts").get(0).asText();
            assertThat(door.api()
                            .get("/api/v1/receipts/" + id)
                            .body()
                            .get("status")
                            .asText())
                    .isEqualTo("queued");
        }
        try (InProcessApp worker =
                new InProcessApp(Servers.postgres(), Servers.redis(), STREAM + ":2", "app.roles=api,worker")) {
            Eventually.passes(() -> assertThat(worker.api()
                            .get("/api/v1/receipts/" + id)
                            .body()
                            .path("status")
                            .asText())
                    .isEqualTo("stored"));
        }
    }

    @Test
    void receipts_are_listed_when_asked_for() {
        Answer answer = ingest("?ack=receipt", Records.json("listed", 1));

        assertThat(answer.body().get("receipts")).hasSize(1);
        assertThat(answer.body().has("stored")).isFalse();
    }

    @Test
    void a_receipt_that_nobody_was_given_is_not_found() {
        assertThat(receipt("00000000-0000-7000-8000-000000000000").status()).isEqualTo(404);
        assertThat(receipt("nonsense").status()).isEqualTo(400);
    }

    @Test
    void a_wish_that_makes_no_sense_is_refused() {
        Answer answer = ingest("?ack=soon", Records.json("soon", 1));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asText()).contains("'ack'", "receipt");
        assertThat(database.logs("soon")).isZero();
    }

    private static Answer ingest(String query, String body) {
        return api.post("/api/v1/ingest/" + query, body.getBytes());
    }

    private static Answer receipt(String id) {
        return api.get("/api/v1/receipts/" + id);
    }

    private static void refuse(String app, String condition) {
        database.execute(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.app = '"
                        + app + "' AND (" + condition
                        + ") THEN RAISE EXCEPTION 'made by a test' USING ERRCODE = '22001'; END IF; RETURN NEW; END $$");
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION refuse()");
    }
}
