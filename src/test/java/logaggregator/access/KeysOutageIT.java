package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import logaggregator.support.Api;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** Keys while the database is away. */
class KeysOutageIT {

    @Test
    void keys_that_were_known_go_on_working_and_the_others_go_on_failing() {
        try (PostgresProcess postgres = new PostgresProcess(Servers.newDirectory("keys-outage"));
                InProcessApp app = new InProcessApp(postgres, Servers.redis(), "keys-outage:stream")) {
            Api first = app.api();
            String body = "{\"name\":\"n\",\"scopes\":[\"ingest\"]}";
            String key = first.post("/api/v1/keys/", body.getBytes(UTF_8))
                    .body()
                    .get("key")
                    .asText();
            assertThat(first.ingest(Records.json("outage", 1)).status()).isEqualTo(401);

            postgres.crash();

            assertThat(first.as(key).ingest(Records.json("outage", 2)).status()).isEqualTo(200);
            assertThat(first.ingest(Records.json("outage", 3)).status()).isEqualTo(401);
            assertThat(first.as("la_wrong").ingest(Records.json("outage", 4)).status())
                    .isEqualTo(401);
            postgres.start();
        }
    }

    @Test
    void whoever_comes_before_the_keys_are_known_is_not_let_in_for_want_of_one() {
        try (PostgresProcess postgres = new PostgresProcess(Servers.newDirectory("keys-unknown"))) {
            String[] open = {"server.address=0.0.0.0", "access.allow-anonymous=true"};
            String key;
            try (InProcessApp app = new InProcessApp(postgres, Servers.redis(), "keys-unknown:stream", open)) {
                assertThat(app.api().ingest(Records.json("unknown", 1)).status())
                        .isEqualTo(200);
                String body = "{\"name\":\"n\",\"scopes\":[\"read\"]}";
                key = app.api()
                        .post("/api/v1/keys/", body.getBytes(UTF_8))
                        .body()
                        .get("key")
                        .asText();
            }
            postgres.crash();
            try (InProcessApp app = new InProcessApp(postgres, Servers.redis(), "keys-unknown:stream", open)) {
                Api.Answer answer = app.api().get("/api/v1/dlq");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body().get("code").asText()).isEqualTo("keys_unknown");
                assertThat(app.api().ingest(Records.json("unknown", 2)).status())
                        .isEqualTo(503);

                postgres.start();

                Eventually.holds(() -> app.api().as(key).get("/api/v1/logs").status() == 200);
                assertThat(app.api().get("/api/v1/logs").status()).isEqualTo(401);
            }
        }
    }
}
