package logaggregator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.store.LogRemoval;
import logaggregator.store.StoreMaintenance;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Storing and deleting on request, and removing what is old: whatever goes, lists and numbers agree. */
class AdministrationIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    private static PostgresProcess postgres;
    private static Database database;
    private static InProcessApp service;
    private static Api api;

    @BeforeAll
    static void start() {
        // removing is about all of a database
        postgres = new PostgresProcess(Servers.newDirectory("administration"));
        database = new Database(postgres);
        service = new InProcessApp(postgres, Servers.redis(), "administration-it:stream", "retention.days=30");
        api = service.api();
    }

    @AfterAll
    static void stop() {
        service.close();
        postgres.close();
    }

    @AfterEach
    void lists_and_numbers_agree() {
        assertThat(api.get("/api/v1/stats/").body().get("total_logs").asLong()).isEqualTo(count(""));
        assertNumbers("day_counts", "day", "1 day", "service");
        assertNumbers("counts", "hour", "1 hour", "service");
        assertNumbers("interval_counts", "start", "5 minutes", "''");
        assertThat(api.get("/api/v1/ledger").body().get("difference").asLong()).isZero();
    }

    /** Numbers, with those that are not folded yet, are those of the logs. */
    private void assertNumbers(String table, String time, String unit, String service) {
        assertThat(database.number("SELECT count(*) FROM (SELECT 1 FROM"
                        + " (SELECT " + time + " AS time, app_id, level, " + service + " AS service, n FROM " + table
                        + " UNION ALL SELECT start, app_id, level, " + service + ", n FROM count_deltas"
                        + " UNION ALL SELECT timestamp, app_id, level, " + service + ", -1 FROM logs) AS c"
                        + " WHERE app_id NOT IN (SELECT app_id FROM app_deletions)"
                        + " GROUP BY date_bin('" + unit + "', time, 'epoch'), app_id, level, service"
                        + " HAVING sum(n) <> 0) AS wrong"))
                .as(table)
                .isZero();
    }

    private static String numbers() {
        return "(SELECT app_id FROM counts UNION ALL SELECT app_id FROM day_counts"
                + " UNION ALL SELECT app_id FROM interval_counts UNION ALL SELECT app_id FROM count_deltas) AS c";
    }

    @Test
    void what_is_stored_on_request_is_returned_as_it_is_read() {
        String records = IntStream.range(0, 1_200)
                .mapToObj(n -> Records.json(n % 3 == 0 ? "bulk" : "bulk-too", n))
                .collect(Collectors.joining(","));

        Answer answer = post("/api/v1/bulk_logs/", "[" + records + "]");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.response().headers().firstValue("Log-Durability")).contains("postgres");
        assertThat(answer.body()).hasSize(1_200);
        for (int n = 0; n < 1_200; n += 113) {
            JsonNode log = answer.body().get(n);
            assertThat(log.get("message").asInt()).isEqualTo(n);
            assertThat(log.get("metadata_").get("user_id").asInt()).isEqualTo(n % 100);
            assertThat(api.get("/api/v1/logs/" + log.get("id").asLong()).body()).isEqualTo(log);
        }
    }

    @Test
    void each_of_many_clients_gets_its_own_logs() {
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 8)
                .mapToObj(client -> CompletableFuture.supplyAsync(
                        () -> post("/api/v1/bulk_logs", Records.ndjson("client-" + client, 0, 300))))
                .toList();

        Set<Long> ids = new TreeSet<>();
        for (int client = 0; client < 8; client++) {
            JsonNode logs = answers.get(client).join().body();
            assertThat(logs).hasSize(300);
            for (int n = 0; n < 300; n++) {
                assertThat(logs.get(n).get("app").asText()).isEqualTo("client-" + client);
                assertThat(logs.get(n).get("message").asInt()).isEqualTo(n);
                ids.add(logs.get(n).get("id").asLong());
            }
        }
        assertThat(ids).hasSize(2_400);
    }

    @Test
    void a_single_record_is_returned_as_one() {
        Answer answer = post("/api/v1/logs/", Records.json("single", 7));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().get("message").asText()).isEqualTo("7");
        String path = answer.response().headers().firstValue("Location").orElseThrow();
        assertThat(api.get(path).body()).isEqualTo(answer.body());
        assertThat(post("/api/v1/logs/", Records.ndjson("single", 0, 2)).status())
                .isEqualTo(400);
    }

    @Test
    void one_bad_record_and_nothing_is_stored() {
        Answer answer = post(
                "/api/v1/bulk_logs/", Records.ndjson("all-or-none", 0, 2) + "\n{\"level\":\"INFO\",\"message\":\"m\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/rejected/0/index").asInt()).isEqualTo(2);
        assertThat(answer.body().at("/rejected/0/field").asText()).isEqualTo("service");
        assertThat(answer.body().get("detail").asText()).contains("record 2", "service");
        assertThat(database.logs("all-or-none")).isZero();
        assertThat(api.get("/api/v1/apps/?name=all-or-none").body()).isEmpty();
    }

    @Test
    void an_unknown_app_is_named() {
        Answer answer = post("/api/v1/bulk_logs/", Records.json("known", 0) + "\n" + byId(987_654));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asText()).contains("record 1", "987654");
        assertThat(database.logs("known")).isZero();
    }

    @Test
    void a_record_that_only_the_database_refuses_keeps_the_others_out_as_well() {
        database.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '22000'; END $$;"
                        + " CREATE TRIGGER refuse BEFORE INSERT ON logs FOR EACH ROW WHEN (NEW.message = '600') EXECUTE FUNCTION refuse()");
        try {
            Answer answer = post("/api/v1/bulk_logs/", Records.ndjson("refused", 0, 700));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().at("/rejected/0/index").asInt()).isEqualTo(600);
            assertThat(database.logs("refused")).isZero();
            assertThat(api.get("/api/v1/dlq/?app=refused").body()).isEmpty();
        } finally {
            database.execute("DROP TRIGGER refuse ON logs");
        }
    }

    @Test
    void a_request_that_comes_again_is_not_stored_again() {
        String body = Records.ndjson("keyed", 0, 3);
        assertThat(post("/api/v1/bulk_logs/", body, "Idempotency-Key", "administration-1")
                        .status())
                .isEqualTo(201);

        Answer again = post("/api/v1/bulk_logs/", body, "Idempotency-Key", "administration-1");

        assertThat(again.status()).isEqualTo(409);
        assertThat(database.logs("keyed")).isEqualTo(3);
    }

    @Test
    void a_deleted_log_is_returned_and_counted_no_more() {
        long id =
                post("/api/v1/logs/", Records.json("goes", 1)).body().get("id").asLong();
        post("/api/v1/logs/", Records.json("goes", 2));

        Answer answer = api.delete("/api/v1/logs/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("message").asText()).isEqualTo("1");
        assertThat(api.delete("/api/v1/logs/" + id).status()).isEqualTo(404);
        assertThat(api.get("/api/v1/logs/" + id).status()).isEqualTo(404);
        assertThat(stats("goes")).isEqualTo(1);
        service.bean(StoreMaintenance.class).foldCounts();
        assertThat(stats("goes")).isEqualTo(1);
    }

    @Test
    void apps_are_registered_listed_and_changed() {
        Answer created = post("/api/v1/apps/", "{\"name\":\"shop\",\"description\":\"Sells\"}");
        assertThat(created.status()).isEqualTo(201);
        int id = created.body().get("id").asInt();
        assertThat(created.body().get("name").asText()).isEqualTo("shop");
        assertThat(created.body().get("description").asText()).isEqualTo("Sells");

        assertThat(post("/api/v1/apps/", "{\"name\":\"shop\"}").status()).isEqualTo(409);
        assertThat(api.get("/api/v1/apps/" + id).body()).isEqualTo(created.body());
        assertThat(api.get("/api/v1/apps/").body()).contains(created.body());
        assertThat(api.get("/api/v1/apps/999999").status()).isEqualTo(404);
        assertThat(api.delete("/api/v1/apps/999999").status()).isEqualTo(404);

        Answer changed = api.patch("/api/v1/apps/" + id, "{\"retention_days\":5}");
        assertThat(changed.body().get("retention_days").asInt()).isEqualTo(5);
        assertThat(changed.body().get("description").asText()).isEqualTo("Sells");
        assertThat(api.patch("/api/v1/apps/" + id, "{\"name\":\"other\"}").status())
                .isEqualTo(400);
        assertThat(api.patch("/api/v1/apps/999999", "{}").status()).isEqualTo(404);
        assertThat(post("/api/v1/logs/", byId(id)).body().get("app").asText()).isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"name\":null}",
                "{\"name\":\" \"}",
                "{\"name\":7}",
                "{\"name\":\"a\\u0000b\"}",
                "{\"name\":\"x\",\"retention_days\":-1}",
                "{\"name\":\"x\",\"retention_days\":1.5}",
                "{\"name\":\"x\",\"retention_days\":\"7\"}",
                "{\"name\":\"x\",\"retention\":7}",
                "{\"name\":\"x\",\"name\":\"y\"}"
            })
    void an_app_that_makes_no_sense_is_refused(String body) {
        assertThat(post("/api/v1/apps/", body).status()).isEqualTo(400);
    }

    @Test
    void names_and_descriptions_of_apps_have_a_limit() {
        String fits = "{\"name\":\"" + "n".repeat(100) + "\",\"description\":\"" + "é".repeat(255) + "\"}";
        assertThat(post("/api/v1/apps/", fits).status()).isEqualTo(201);
        assertThat(post("/api/v1/apps/", fits.replace("\"n", "\"nn")).status()).isEqualTo(400);
        assertThat(post("/api/v1/apps/", fits.replace("\"é", "\"éé").replace("\"n", "\"m"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_deleted_app_is_gone_at_once_and_its_logs_are_removed() {
        post("/api/v1/bulk_logs/", Records.ndjson("leaving", 0, 25_000));
        post("/api/v1/bulk_logs/", old("leaving", 3, TODAY.minusDays(20)));
        post("/api/v1/bulk_logs/", Records.ndjson("staying", 0, 10));
        // as the original system may have stored it
        database.execute("UPDATE logs SET app = 'called otherwise' WHERE app = 'leaving' AND message = '17'");
        long log = database.number("SELECT id FROM logs WHERE app = 'leaving' AND message = '1' LIMIT 1");
        int id = appId("leaving");

        assertThat(api.delete("/api/v1/apps/" + id).body().get("name").asText()).isEqualTo("leaving");

        assertThat(api.get("/api/v1/apps/" + id).status()).isEqualTo(404);
        assertThat(count("app=leaving")).isZero();
        assertThat(stats("leaving")).isZero();
        assertThat(api.get("/api/v1/logs/" + log).status()).isEqualTo(404);
        assertThat(api.get("/api/v1/logs/?app=called+otherwise").body()).isEmpty();
        int again = post("/api/v1/logs/", Records.json("leaving", 1))
                .body()
                .get("app_id")
                .asInt();
        assertThat(again).isNotEqualTo(id);
        assertThat(post("/api/v1/logs/", byId(id)).status()).isEqualTo(400);

        // several processes at the same time
        Stream.generate(() -> CompletableFuture.runAsync(
                        () -> service.bean(LogRemoval.class).removeDeletedApps()))
                .limit(3)
                .toList()
                .forEach(CompletableFuture::join);
        awaitRemoval(id);
        assertThat(count("app=leaving")).isEqualTo(1);
        assertThat(stats("leaving")).isEqualTo(1);
        assertThat(count("app=staying")).isEqualTo(10);
    }

    @Test
    void an_app_that_is_deleted_while_it_is_written_to_loses_nothing_that_comes_later() throws InterruptedException {
        post("/api/v1/logs/", Records.json("busy", 0));
        int id = appId("busy");
        AtomicBoolean deleted = new AtomicBoolean();
        List<CompletableFuture<List<Long>>> writers = IntStream.range(0, 3)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> {
                    List<Long> later = new ArrayList<>();
                    for (int i = 0; i < 60; i++) {
                        boolean after = deleted.get();
                        Answer answer = post("/api/v1/bulk_logs/", Records.ndjson("busy", 0, 20));
                        assertThat(answer.status()).isEqualTo(201);
                        if (after) {
                            answer.body().forEach(log -> later.add(log.get("id").asLong()));
                        }
                    }
                    return later;
                }))
                .toList();
        Thread.sleep(100);
        assertThat(api.delete("/api/v1/apps/" + id).status()).isEqualTo(200);
        deleted.set(true);
        List<Long> later =
                writers.stream().flatMap(writer -> writer.join().stream()).toList();

        awaitRemoval(id);
        assertThat(database.column("SELECT id FROM logs WHERE app = 'busy'"))
                .containsAll(later.stream().map(String::valueOf).toList());
        assertThat(database.number("SELECT count(*) FROM logs WHERE app_id NOT IN (SELECT id FROM apps)"))
                .isZero();
    }

    @Test
    void a_record_that_names_a_deleted_app_by_its_id_is_a_dead_letter() {
        post("/api/v1/logs/", Records.json("named by id", 0));
        int id = appId("named by id");
        assertThat(post("/api/v1/logs/", byId(id)).status()).isEqualTo(201); // now it is remembered
        api.delete("/api/v1/apps/" + id);

        api.ingest(byId(id) + "\n" + Records.json("named by name", 0));

        Eventually.passes(() -> assertThat(count("app=named+by+name")).isEqualTo(1));
        Eventually.passes(() -> assertThat(
                        api.get("/api/v1/dlq/?reason=unknown_app").body())
                .anySatisfy(letter -> assertThat(letter.get("data").asText()).isEqualTo(byId(id))));
        awaitRemoval(id);
    }

    @Test
    void days_that_nobody_keeps_are_dropped_and_others_are_cleaned() {
        LocalDate nobodys = TODAY.minusDays(40);
        LocalDate somebodys = TODAY.minusDays(50);
        LocalDate without = TODAY.minusDays(60);
        List.of(nobodys, somebodys, TODAY.minusDays(10))
                .forEach(day -> database.column("SELECT ensure_logs_partition('" + day + "')"));
        post("/api/v1/apps/", "{\"name\":\"kept\",\"retention_days\":0}");
        post("/api/v1/apps/", "{\"name\":\"brief\",\"retention_days\":5}");
        // one transaction: the service itself may remove at any time
        post(
                "/api/v1/bulk_logs/",
                String.join(
                        "\n",
                        old("usual", 3, nobodys),
                        old("brief", 3, nobodys),
                        old("usual", 5, somebodys),
                        old("kept", 7, somebodys),
                        old("usual", 11, without),
                        old("kept", 13, without),
                        old("brief", 17, TODAY.minusDays(10)),
                        old("usual", 19, TODAY.minusDays(10)),
                        old("brief", 23, TODAY)));

        Eventually.passes(() -> {
            service.bean(LogRemoval.class).removeExpired();
            assertThat(count("app=usual&app=brief&app=kept")).isEqualTo(7 + 13 + 19 + 23);
        });

        assertThat(count("app=usual")).isEqualTo(19);
        assertThat(stats("usual")).isEqualTo(19);
        assertThat(count("app=kept")).isEqualTo(20);
        assertThat(count("app=brief")).isEqualTo(23);
        assertThat(partitions())
                .contains(partition(somebodys), partition(TODAY))
                .doesNotContain(partition(nobodys));

        api.patch("/api/v1/apps/" + appId("kept"), "{\"retention_days\":null}");
        Eventually.passes(() -> {
            service.bean(LogRemoval.class).removeExpired();
            assertThat(count("app=kept")).isZero();
            assertThat(partitions()).doesNotContain(partition(somebodys));
        });
    }

    /** They go at once, as soon as they can be had: to delete them one by one would cost hours, and give no disk back. */
    @Test
    void a_day_that_is_in_use_is_not_deleted_log_by_log() throws SQLException {
        LocalDate day = TODAY.minusDays(70);
        database.column("SELECT ensure_logs_partition('" + day + "')");
        LogRemoval removal = service.bean(LogRemoval.class);
        try (Connection export = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = export.createStatement()) {
            export.setAutoCommit(false);
            statement.execute("LOCK TABLE ONLY logs IN ACCESS SHARE MODE");
            post("/api/v1/bulk_logs/", old("whole", 5, day));

            removal.removeExpired();

            assertThat(database.logs("whole")).isEqualTo(5);
            assertThat(removal.missedDays()).isPositive();
            export.rollback();
        }

        Eventually.passes(() -> {
            removal.removeExpired();
            assertThat(partitions()).doesNotContain(partition(day));
        });
        assertThat(count("app=whole")).isZero();
        assertThat(removal.missedDays()).isZero();
    }

    @Test
    void a_long_export_does_not_make_all_wait_for_each_day_that_is_to_go() throws SQLException {
        List<LocalDate> days =
                IntStream.range(100, 140).mapToObj(TODAY::minusDays).toList();
        days.forEach(day -> database.column("SELECT ensure_logs_partition('" + day + "')"));
        try (Connection export = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = export.createStatement()) {
            export.setAutoCommit(false);
            statement.execute("LOCK TABLE ONLY logs IN ACCESS SHARE MODE");

            // half a second for each of the days would be twenty
            assertTimeout(
                    Duration.ofSeconds(10), () -> service.bean(LogRemoval.class).removeExpired());
            export.rollback();
        }

        Eventually.passes(() -> {
            service.bean(LogRemoval.class).removeExpired();
            assertThat(partitions())
                    .doesNotContainAnyElementsOf(
                            days.stream().map(AdministrationIT::partition).toList());
        });
    }

    @Test
    void nothing_is_kept_of_numbers_that_have_become_zero() {
        post("/api/v1/bulk_logs/", old("counted", 2, TODAY.minusDays(3)));
        int id = appId("counted");
        String rows = "SELECT count(*) FROM " + numbers() + " WHERE app_id = " + id;
        Eventually.passes(() -> {
            service.bean(StoreMaintenance.class).foldCounts();
            assertThat(database.number(rows)).isEqualTo(3);
        });

        database.column("SELECT id FROM logs WHERE app = 'counted'")
                .forEach(log ->
                        assertThat(api.delete("/api/v1/logs/" + log).status()).isEqualTo(200));

        Eventually.passes(() -> {
            service.bean(StoreMaintenance.class).foldCounts();
            assertThat(database.number(rows)).isZero();
        });
    }

    @Test
    void the_oldest_days_are_dropped_while_there_is_too_much_and_hidden_logs_wait_for_a_worker() {
        database.execute("CREATE DATABASE sized");
        String url = postgres.url().replaceFirst("[a-z_]+$", "sized");
        Database sized = new Database(postgres, "sized");
        try (InProcessApp limited = new InProcessApp(
                url,
                Servers.redis().url(),
                "administration-it:sized",
                "app.roles=api",
                "retention.max-bytes=2000000")) {
            Api small = limited.api();
            for (int ago = 5; ago >= 0; ago--) {
                sized.column("SELECT ensure_logs_partition('" + TODAY.minusDays(ago) + "')");
                small.post(
                        "/api/v1/bulk_logs/",
                        old("sized", 3_000, TODAY.minusDays(ago)).getBytes(UTF_8));
            }

            limited.bean(LogRemoval.class).removeExpired();

            List<String> left =
                    sized.column("SELECT timestamp::date::text FROM logs GROUP BY 1 HAVING count(*) = 3000 ORDER BY 1");
            assertThat(left)
                    .contains(TODAY.toString())
                    .doesNotContain(TODAY.minusDays(5).toString());
            assertThat(left.size()).isBetween(1, 4);
            assertThat(small.get("/api/v1/stats/").body().get("total_logs").asLong())
                    .isEqualTo(3_000L * left.size());

            // no worker is here that would remove anything by itself
            small.delete("/api/v1/apps/"
                    + small.get("/api/v1/apps/").body().at("/0/id").asInt());
            assertThat(sized.logs("sized")).isEqualTo(3_000L * left.size());
            assertThat(small.get("/api/v1/logs/").body()).isEmpty();
            assertThat(small.get("/api/v1/stats/").body().get("total_logs").asLong())
                    .isZero();
            limited.bean(LogRemoval.class).removeDeletedApps();
            assertThat(sized.logs("sized")).isZero();
            assertThat(sized.number("SELECT count(*) FROM app_deletions")).isZero();
        }
    }

    private static void awaitRemoval(int id) {
        Eventually.passes(() -> assertThat(database.number("SELECT (SELECT count(*) FROM app_deletions)"
                        + " + (SELECT count(*) FROM logs WHERE app_id = " + id + ")"
                        + " + (SELECT count(*) FROM " + numbers() + " WHERE app_id = " + id + ")"))
                .isZero());
    }

    private static List<String> partitions() {
        return database.column("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'logs'::regclass");
    }

    private static String partition(LocalDate day) {
        return "logs_" + day.toString().replace("-", "");
    }

    private static String old(String app, int n, LocalDate day) {
        return IntStream.range(0, n)
                .mapToObj(i -> Records.json(app, i).replaceFirst("\\{", "{\"timestamp\":\"" + day + "T00:00:00Z\","))
                .collect(Collectors.joining("\n"));
    }

    private static String byId(int id) {
        return "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app_id\":" + id + "}";
    }

    private static int appId(String name) {
        return api.get("/api/v1/apps/?name=" + name.replace(' ', '+'))
                .body()
                .at("/0/id")
                .asInt();
    }

    private static long count(String query) {
        return Long.parseLong(api.get("/api/v1/logs/?limit=1&count=true&" + query)
                .response()
                .headers()
                .firstValue("X-Total-Count")
                .orElseThrow());
    }

    private static long stats(String app) {
        return api.get("/api/v1/stats/?app=" + app).body().get("total_logs").asLong();
    }

    private static Answer post(String path, String body, String... headers) {
        return api.post(path, body.getBytes(UTF_8), headers);
    }
}
