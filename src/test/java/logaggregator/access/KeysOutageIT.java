package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void the_share_of_a_key_is_neither_lifted_nor_used_up_by_an_outage() {
        try (PostgresProcess postgres = new PostgresProcess(Servers.newDirectory("share-outage"));
                InProcessApp app =
                        new InProcessApp(postgres, Servers.redis(), "share-outage:stream", "limits.new-apps=3")) {
            String body = "{\"name\":\"n\",\"scopes\":[\"ingest\"],\"logs_per_minute\":10}";
            Api owner = app.api()
                    .as(app.api()
                            .post("/api/v1/keys/", body.getBytes(UTF_8))
                            .body()
                            .get("key")
                            .asText());
            assertThat(owner.ingest(Records.json("known", 1)).status()).isEqualTo(200);

            postgres.crash();

            String nine = Records.ndjson("known", 0, 9);
            assertThat(owner.post("/api/v1/bulk_logs/", nine.getBytes(UTF_8)).status())
                    .isEqualTo(503);
            // what was refused so took nothing off the share
            assertThat(owner.ingest(Records.ndjson("known", 0, 5)).status()).isEqualTo(200);
            assertThat(owner.ingest(Records.json("new-1", 1)).status()).isEqualTo(200);
            assertThat(owner.ingest(Records.json("new-2", 1)).status()).isEqualTo(200);
            Api.Answer tooMany = owner.ingest(Records.json("new-3", 1));
            assertThat(tooMany.status()).isEqualTo(429);
            assertThat(tooMany.body().get("code").asText()).isEqualTo("app_limit");
            assertThat(owner.ingest(Records.json("known", 6)).status()).isEqualTo(200);
            postgres.start();
        }
    }

    /** An id makes no app, so there is nothing that an outage could let a sender do; unless it may not write to all. */
    @Test
    void logs_of_apps_named_by_id_are_taken_during_an_outage_from_whoever_may_write_to_all() {
        try (PostgresProcess postgres = new PostgresProcess(Servers.newDirectory("ids-outage"));
                InProcessApp app =
                        new InProcessApp(postgres, Servers.redis(), "ids-outage:stream", "limits.new-apps=3")) {
            Api admin = app.api();
            Api all = admin.as(NewKey.create(admin, "\"scopes\":[\"admin\"]")
                    .body()
                    .get("key")
                    .asText());
            Api some = admin.as(NewKey.create(all, "\"scopes\":[\"ingest\"],\"apps\":[\"by-id\"]")
                    .body()
                    .get("key")
                    .asText());
            assertThat(all.ingest(Records.json("by-id", 1)).status()).isEqualTo(200);
            Eventually.holds(() -> !all.get("/api/v1/apps?name=by-id").body().isEmpty());
            String id =
                    all.get("/api/v1/apps?name=by-id").body().get(0).get("id").asText();
            String record = "{\"app_id\":" + id + ",\"level\":\"INFO\",\"service\":\"s\",\"message\":\"m\"}";

            postgres.crash();

            assertThat(all.ingest(record).status()).isEqualTo(200);
            assertThat(some.ingest(record).status()).isEqualTo(503);
            assertThat(some.ingest(Records.json("by-id", 2)).status()).isEqualTo(200);

            postgres.start();

            Eventually.holds(() -> all.get("/api/v1/logs?app=by-id").body().size() == 3);
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

    @Test
    void this_machine_may_only_send_logs_before_the_keys_are_known() {
        try (PostgresProcess postgres = new PostgresProcess(Servers.newDirectory("keys-local"))) {
            try (InProcessApp app = new InProcessApp(postgres, Servers.redis(), "keys-local:stream")) {
                String body = "{\"name\":\"n\",\"scopes\":[\"read\"]}";
                assertThat(app.api().post("/api/v1/keys/", body.getBytes(UTF_8)).status())
                        .isEqualTo(201);
            }
            postgres.crash();
            try (InProcessApp app = new InProcessApp(postgres, Servers.redis(), "keys-local:stream")) {
                assertThat(app.api().ingest(Records.json("local", 1)).status()).isEqualTo(200);
                assertThat(app.api().get("/readyz").status()).isEqualTo(200);
                assertThat(app.api().get("/ui/").status()).isEqualTo(200);
                for (String path : List.of("/api/v1/logs", "/api/v1/logs/tail", "/api/v1/status", "/docs")) {
                    Api.Answer answer = app.api().get(path);
                    assertThat(answer.status()).as(path).isEqualTo(503);
                    assertThat(answer.body().get("code").asText()).isEqualTo("keys_unknown");
                }
                assertThat(app.api().delete("/api/v1/dlq/").status()).isEqualTo(503);

                postgres.start();

                Eventually.holds(() -> app.api().get("/api/v1/logs").status() == 401);
                assertThat(app.api().ingest(Records.json("local", 2)).status()).isEqualTo(401);
            }
        }
    }
}
