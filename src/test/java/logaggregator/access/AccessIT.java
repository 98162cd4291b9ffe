package logaggregator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Where a key reaches: to its own apps, its own requests and their receipts, and no further. */
@ExtendWith(OutputCaptureExtension.class)
class AccessIT {

    private static final String ADMIN = "an-admin-key-of-a-file";

    private static final HttpClient client = HttpClient.newHttpClient();

    private static InProcessApp app;
    private static Api admin;

    @BeforeAll
    static void start() throws IOException {
        Path keys = Files.writeString(Servers.newDirectory("access").resolve("keys"), "# of a test\n\n" + ADMIN + "\n");
        app = new InProcessApp(
                Database.create(Servers.postgres(), "access"),
                Servers.redis().url(),
                "access:stream",
                "access.logs-per-minute-per-key=0",
                "access.api-keys-file=" + keys);
        admin = app.api().as(ADMIN);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static Api owner(String fields) {
        return app.api().as(NewKey.create(admin, fields).body().get("key").asText());
    }

    @Test
    void a_key_for_one_app_neither_reads_nor_writes_another() {
        admin.post("/api/v1/bulk_logs/", Records.ndjson("own", 0, 3).getBytes(UTF_8));
        admin.post("/api/v1/bulk_logs/", Records.ndjson("foreign", 0, 5).getBytes(UTF_8));
        String foreign =
                admin.get("/api/v1/apps?name=foreign").body().get(0).get("id").asText();
        Api owner = owner("\"scopes\":[\"ingest\",\"read\"],\"apps\":[\"own\"]");

        assertThat(owner.get("/api/v1/logs/?count=true").header("X-Total-Count"))
                .isEqualTo("3");
        for (String filter :
                List.of("app=foreign", "app_id=" + foreign, "q=app:foreign", "q=app:*oreig*", "q=app_id:" + foreign)) {
            assertThat(owner.get("/api/v1/logs/?" + filter).body()).as(filter).isEmpty();
            assertThat(owner.get("/api/v1/logs/filter?" + filter).body())
                    .as(filter)
                    .isEmpty();
            assertThat(owner.get("/api/v1/logs/export?" + filter).response().body())
                    .as(filter)
                    .isEmpty();
            assertThat(owner.get("/api/v1/stats/?" + filter)
                            .body()
                            .get("total_logs")
                            .asInt())
                    .as(filter)
                    .isZero();
        }
        assertThat(owner.get("/api/v1/logs/?q=NOT%20app:own").body()).isEmpty();
        assertThat(owner.get("/api/v1/logs/?q=app:own%20OR%20app:foreign").body())
                .hasSize(3);
        assertThat(owner.get("/api/v1/logs/export").response().body().lines()).hasSize(3);
        assertThat(owner.get("/api/v1/stats/").body().toString())
                .contains("\"own\":3")
                .doesNotContain("foreign");
        assertThat(owner.get("/api/v1/stats/histogram?interval=1h").body().toString())
                .contains("\"total\":3")
                .doesNotContain("\"total\":8", "\"total\":5");
        assertThat(owner.get("/api/v1/stats/fields").body().toString()).doesNotContain("foreign");
        assertThat(owner.get("/api/v1/apps/").body().findValuesAsText("name")).containsExactly("own");
        assertThat(owner.get("/api/v1/apps/?name=foreign").body()).isEmpty();

        Answer mixed = owner.ingest(Records.json("own", 1) + "\n" + Records.json("foreign", 1));
        assertThat(mixed.body().get("enqueued").asInt()).isEqualTo(1);
        assertThat(mixed.body().get("rejected").get(0).get("reason").asText()).isEqualTo("app_forbidden");
        String byId = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":" + foreign + "}";
        for (String record : List.of(Records.json("foreign", 1), byId)) {
            assertThat(owner.ingest(record).status()).isEqualTo(403);
            assertThat(owner.ingest(record, "Idempotency-Key", "k").status()).isEqualTo(403);
            assertThat(owner.post("/api/v1/logs/", record.getBytes(UTF_8)).status())
                    .isEqualTo(403);
        }
        assertThat(owner.ingest(Records.json("own", 1) + "\n" + Records.json("foreign", 1), "Idempotency-Key", "m")
                        .status())
                .isEqualTo(403);
        Eventually.passes(() -> assertThat(owner.get("/api/v1/logs/?count=true").header("X-Total-Count"))
                .isEqualTo("4"));
        assertThat(admin.get("/api/v1/logs/?app=foreign").body()).hasSize(5);
    }

    @Test
    void a_key_for_one_app_leaves_no_dead_letters_of_others() {
        Api owner = owner("\"scopes\":[\"ingest\"],\"apps\":[\"lettered\"]");
        String unknownApp = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":987654321}";
        for (String bad : List.of(unknownApp, "{\"app\":\"foreign\",\"level\":\"INFO\"}", "no JSON")) {
            String body = Records.json("lettered", 1) + "\n" + bad;

            Answer refused = owner.ingest(body, "Idempotency-Key", "lettered");
            Answer told = owner.ingest(body);

            assertThat(refused.status()).as(bad).isEqualTo(403);
            assertThat(refused.body().get("code").asText()).isEqualTo("app_forbidden");
            assertThat(told.status()).isEqualTo(200);
            assertThat(told.body().get("rejected_count").asInt()).isEqualTo(1);
        }
    }

    @Test
    void a_key_for_one_app_is_not_told_which_others_there_are() {
        assertThat(admin.ingest(Records.json("hidden", 1)).status()).isEqualTo(200);
        Eventually.holds(() -> !admin.get("/api/v1/apps/?name=hidden").body().isEmpty());
        String id =
                admin.get("/api/v1/apps/?name=hidden").body().get(0).get("id").asText();
        Api owner = owner("\"scopes\":[\"ingest\"],\"apps\":[\"curious\"]");
        String record = "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":%s%s}";

        for (String app : List.of("", ",\"app\":\"hidden\"", ",\"app\":\"absent\"", ",\"app\":\"curious\"")) {
            for (String neighbour : List.of("", Records.json("curious", 1) + "\n")) {
                Answer ofOthers = owner.ingest(neighbour + record.formatted(id, app));
                Answer ofNobody = owner.ingest(neighbour + record.formatted("987654321", app));

                assertThat(ofOthers.status()).isEqualTo(neighbour.isEmpty() ? 403 : 200);
                assertThat(ofNobody.status()).isEqualTo(ofOthers.status());
                assertThat(ofNobody.body().get("rejected"))
                        .isNotNull()
                        .isEqualTo(ofOthers.body().get("rejected"));
            }
        }
    }

    @Test
    void names_of_requests_belong_to_a_key() {
        Api one = owner("\"scopes\":[\"ingest\"]");
        Api two = owner("\"scopes\":[\"ingest\"]");

        assertThat(one.ingest(Records.json("named", 1), "Idempotency-Key", "same")
                        .body()
                        .has("duplicates"))
                .isFalse();
        assertThat(two.ingest(Records.json("named", 2), "Idempotency-Key", "same")
                        .body()
                        .has("duplicates"))
                .isFalse();
        assertThat(one.ingest(Records.json("named", 1), "Idempotency-Key", "same")
                        .body()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        Eventually.passes(
                () -> assertThat(admin.get("/api/v1/logs/?app=named").body()).hasSize(2));
    }

    @Test
    void a_parameter_is_no_name_of_a_request() {
        Api own = owner("\"scopes\":[\"ingest\"],\"apps\":[\"claimed-own\"]");
        String victim =
                NewKey.create(admin, "\"scopes\":[\"ingest\"]").body().get("id").asText();
        for (String name : List.of("Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY", "%49dempotency%2DKey")) {
            String claimed = "/api/v1/ingest/?ack=stored&" + name + "=key-" + victim + "%0Aclaimed";
            byte[] record = Records.json("claimed-own", 1).getBytes(UTF_8);

            Answer first = own.post(claimed, record);
            Answer second = own.post(claimed, record);

            assertThat(first.body().get("receipts").get(0))
                    .as(name)
                    .isNotEqualTo(second.body().get("receipts").get(0));
            assertThat(second.body().has("duplicates")).as(name).isFalse();
        }
        assertThat(own.ingest(Records.json("claimed-own", 2), "ack", "nonsense").status())
                .isEqualTo(200);
    }

    @Test
    void receipts_are_for_the_key_that_sent_the_records_and_for_admins() {
        Api sender = owner("\"scopes\":[\"ingest\"]");
        Api other = owner("\"scopes\":[\"ingest\",\"read\"]");
        byte[] record = Records.json("receipts-of", 1).getBytes(UTF_8);
        String stored = receipt(sender.post("/api/v1/ingest?ack=stored", record));
        String keyed = receipt(sender.post("/api/v1/ingest?ack=stored", record, "Idempotency-Key", "of-one"));

        for (String id : List.of(stored, keyed)) {
            assertThat(sender.get(id).body().get("status").asText()).isEqualTo("stored");
            assertThat(admin.get(id).body().get("status").asText()).isEqualTo("stored");
            assertThat(other.get(id).status()).isEqualTo(404);
        }
    }

    @Test
    void receipts_of_what_waits_are_for_the_key_that_sent_it_and_for_admins() {
        String[] settings = {"app.roles=api", "access.api-keys=" + ADMIN};
        try (InProcessApp door = new InProcessApp(
                Database.create(Servers.postgres(), "access_waits"),
                Servers.redis().url(),
                "access-waits:stream",
                settings)) {
            Api owner = door.api().as(ADMIN);
            String[] keys = new String[2];
            for (int i = 0; i < 2; i++) {
                keys[i] = owner.post("/api/v1/keys", "{\"name\":\"n\",\"scopes\":[\"ingest\"]}".getBytes(UTF_8))
                        .body()
                        .get("key")
                        .asText();
            }
            String id = receipt(door.api()
                    .as(keys[0])
                    .post("/api/v1/ingest?ack=receipt", Records.json("waits", 1).getBytes(UTF_8)));

            assertThat(door.api().as(keys[0]).get(id).body().get("status").asText())
                    .isEqualTo("queued");
            assertThat(owner.get(id).body().get("status").asText()).isEqualTo("queued");
            assertThat(door.api().as(keys[1]).get(id).status()).isEqualTo(404);
        }
    }

    private static String receipt(Answer answer) {
        return "/api/v1/receipts/" + answer.body().get("receipts").get(0).asText();
    }

    @Test
    void who_follows_logs_is_told_those_of_its_apps_and_none_once_the_key_is_revoked() throws Exception {
        Answer created = NewKey.create(admin, "\"scopes\":[\"read\"],\"apps\":[\"followed\"]");
        HttpResponse<Stream<String>> events = client.send(
                request(created.body().get("key").asText(), "/logs/tail").build(), BodyHandlers.ofLines());
        admin.ingest(Records.json("not-followed", 1) + "\n" + Records.json("followed", 2));
        Iterator<String> lines =
                events.body().filter(line -> line.startsWith("data:")).iterator();
        assertThat(lines.next()).contains("\"followed\"");

        admin.delete(created.header("Location"));
        admin.ingest(Records.json("followed", 3));

        assertThat(lines.hasNext()).isFalse();
    }

    /** Long before the next sign of life would be due: nobody holds a place whose key is gone. */
    @Test
    @Timeout(value = 8, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void who_follows_logs_is_sent_away_once_the_key_is_revoked_though_none_come_in() throws Exception {
        Answer created = NewKey.create(admin, "\"scopes\":[\"read\"]");
        InputStream events = follow(created.body().get("key").asText()).body();

        admin.delete(created.header("Location"));

        assertThat(new String(events.readAllBytes(), UTF_8)).isEqualTo(":\n\n");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void who_follows_logs_with_a_session_is_sent_away_once_that_ends() throws Exception {
        String key =
                NewKey.create(admin, "\"scopes\":[\"read\"]").body().get("key").asText();
        String[] session = {"Cookie", signIn(key), "Sec-Fetch-Site", "same-origin"};
        HttpRequest.Builder asked = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + app.port() + "/api/v1/logs/tail"))
                .headers(session);
        InputStream events = begin(asked);
        try (InputStream ofItsKey = follow(key).body()) {
            assertThat(app.api()
                            .send("DELETE", "/api/v1/session", null, session)
                            .status())
                    .isEqualTo(204);

            assertThat(new String(events.readAllBytes(), UTF_8)).startsWith(":\n\n");
            admin.ingest(Records.json("session", 1));
            assertThat(new String(ofItsKey.readNBytes(3), UTF_8)).isEqualTo(":\n\n");
            assertThat(ofItsKey.read()).isPositive();
        }
    }

    private static String signIn(String key) {
        return app.api()
                .post("/api/v1/session", ("{\"key\":\"" + key + "\"}").getBytes(UTF_8))
                .header("Set-Cookie")
                .replaceFirst(";.*", "");
    }

    @Test
    void a_key_has_its_own_share_of_those_who_follow_logs() throws Exception {
        String many =
                NewKey.create(admin, "\"scopes\":[\"read\"]").body().get("key").asText();
        String one =
                NewKey.create(admin, "\"scopes\":[\"read\"]").body().get("key").asText();
        List<InputStream> open = new ArrayList<>();
        try {
            for (int n = 0; n < 20; n++) {
                HttpResponse<InputStream> answer = follow(many);
                open.add(answer.body());
                assertThat(answer.statusCode()).isEqualTo(200);
            }
            assertThat(app.api()
                            .as(many)
                            .get("/api/v1/logs/tail")
                            .body()
                            .get("code")
                            .asText())
                    .isEqualTo("too_many_listeners");
            HttpResponse<InputStream> ofAnother = follow(one);
            open.add(ofAnother.body());
            assertThat(ofAnother.statusCode()).isEqualTo(200);
        } finally {
            for (InputStream events : open) {
                events.close();
            }
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void who_searches_at_great_cost_keeps_nobody_waiting_who_follows_or_sends_logs() throws Exception {
        Answer created = NewKey.create(admin, "\"scopes\":[\"read\"]");
        String costly = created.body().get("key").asText();
        String words = IntStream.range(0, 199).mapToObj(n -> "zz" + n).collect(Collectors.joining("%20OR%20"));
        String large = Records.ndjson("costly", 0, 15).replace("\"message\":\"", "\"message\":\"" + "x".repeat(60_000));
        String cheap =
                NewKey.create(admin, "\"scopes\":[\"read\"]").body().get("key").asText();
        Iterator<String> events = client.send(
                        request(cheap, "/logs/tail?app=cheap").build(), BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("data:"))
                .iterator();
        List<InputStream> open = new ArrayList<>();
        try {
            for (int n = 0; n < 10; n++) {
                open.add(begin(request(costly, "/logs/tail?q=" + words)));
            }
            for (int n = 0; n < 8; n++) {
                assertThat(admin.ingest(large).status()).isEqualTo(200);
            }
            for (int n = 0; n < 10; n++) {
                open.add(begin(request(costly, "/logs/tail?q=" + words).header("Last-Event-ID", "1-1")));
            }

            for (int n = 0; n < 2; n++) {
                assertThat(admin.ingest(Records.json("cheap", n)).status()).isEqualTo(200);
                assertThat(events.next()).contains("\"message\":\"" + n + "\"");
            }
        } finally {
            admin.delete(created.header("Location"));
            for (InputStream stream : open) {
                stream.readAllBytes();
            }
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void an_export_ends_with_its_key_and_does_not_look_complete(CapturedOutput output) throws Exception {
        String large = "x".repeat(60_000);
        new Database(Servers.postgres(), "access")
                .execute("INSERT INTO apps (id, name) VALUES (1000000, 'exported');"
                        + " INSERT INTO logs (app_id, app, level, service, message, timestamp, received_at) SELECT 1000000,"
                        + " 'exported', 'INFO', 's', n || '" + large
                        + "', now(), now() FROM generate_series(1, 1000) n");
        for (String format : List.of("ndjson", "csv")) {
            Answer created = NewKey.create(admin, "\"scopes\":[\"read\"]");
            String key = created.body().get("key").asText();
            try (InputStream file = begin(request(key, "/logs/export?app=exported&format=" + format))) {
                file.readNBytes(4);

                admin.delete(created.header("Location"));

                assertThatThrownBy(file::readAllBytes).as(format).isInstanceOf(IOException.class);
            }
        }
        assertThat(output.getOut())
                .contains("An export was broken off: its key can't be used any more")
                .doesNotContain("ERROR", "\tat ");
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_a_key_asks_is_ended_by_this_key_and_by_admins_only() throws Exception {
        String key =
                NewKey.create(admin, "\"scopes\":[\"read\"]").body().get("key").asText();
        Api other = owner("\"scopes\":[\"read\"]");
        Database database = new Database(Servers.postgres(), "access");
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
                Statement lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute("LOCK TABLE logs IN ACCESS EXCLUSIVE MODE");
            for (Api ending : List.of(app.api().as(key), admin)) {
                String id = UUID.randomUUID().toString();
                CompletableFuture<HttpResponse<String>> asked = client.sendAsync(
                        request(key, "/logs?q=a").header("Query-Id", id).build(), BodyHandlers.ofString());
                Eventually.holds(() -> database.number("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                + " AND query LIKE '/* query " + id + "%'")
                        == 1);

                Answer foreign = other.delete("/api/v1/queries/" + id);
                Answer unknown = other.delete("/api/v1/queries/" + UUID.randomUUID());

                assertThat(foreign.status()).isEqualTo(unknown.status()).isEqualTo(200);
                assertThat(foreign.body()).isEqualTo(unknown.body());
                assertThat(asked).isNotDone();
                assertThat(ending.delete("/api/v1/queries/" + id)
                                .body()
                                .get("cancelled")
                                .asInt())
                        .isEqualTo(1);
                assertThat(asked.get().statusCode()).isEqualTo(504);
                assertThat(asked.get().body()).contains("query_cancelled");
            }
        }
    }

    private static HttpResponse<InputStream> follow(String key) throws Exception {
        return client.send(request(key, "/logs/tail").build(), BodyHandlers.ofInputStream());
    }

    private static InputStream begin(HttpRequest.Builder request) throws Exception {
        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/api/v1" + path))
                .header("X-API-Key", key);
    }
}
