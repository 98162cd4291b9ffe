package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import logaggregator.support.Api;
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
}
