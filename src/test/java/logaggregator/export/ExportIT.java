package logaggregator.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logs as files. */
class ExportIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 200_000;
    private static final String HELD = "FROM pg_stat_activity WHERE query LIKE 'SELECT id, level%' AND state <> 'idle'";

    /** 600 characters that can't be made much shorter. */
    private static final String RANDOM =
            "(SELECT ' ' || string_agg(md5((n * 100 + i)::text), '') FROM generate_series(1, 19) i)";

    /** 8 connections are 2 exports. */
    private static final String[] SETTINGS = {"database.pool-size=8", "database.query-timeout=2"};

    private static final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Database database = new Database(Servers.postgres());

    private static InProcessApp app;
    private static Api api;

    @BeforeAll
    static void start() {
        app = new InProcessApp(Servers.postgres(), Servers.redis(), "export:stream", SETTINGS);
        api = app.api();
        database.execute("INSERT INTO apps (id, name) VALUES (1000000, 'export-many')");
        database.execute("INSERT INTO logs (app_id, app, level, service, message, metadata_, timestamp, received_at)"
                + " SELECT 1000000, 'export-many', 'INFO', 'checkout', n || " + RANDOM
                + ", jsonb_build_object('n', n), now() - n * interval '1 ms', now() FROM generate_series(1, " + MANY
                + ") n");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void a_process_with_little_memory_exports_what_is_larger() throws Exception {
        Map<String, String> settings = Map.of(
                "DATABASE_URL",
                Servers.postgres().url(),
                "REDIS_URL",
                Servers.redis().url(),
                "INGEST_STREAM",
                "export-heap:stream",
                "APP_ROLES",
                "api");
        try (AppProcess small = AppProcess.withHeap("128m", Servers.newDirectory("export"), settings)) {
            Set<Long> ids = new HashSet<>();
            String last = "9999";
            long bytes = 0;
            HttpResponse<InputStream> answer = get(small.port(), "app=export-many");
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    bytes += line.length();
                    var log = JSON.readTree(line);
                    ids.add(log.get("id").asLong());
                    String timestamp =
                            Instant.parse(log.get("timestamp").asText()).toString();
                    assertThat(timestamp).isLessThanOrEqualTo(last);
                    last = timestamp;
                }
            }
            assertThat(ids).hasSize(MANY);
            assertThat(bytes).isGreaterThan(128_000_000L);

            InputStream table =
                    get(small.port(), "app=export-many&format=csv&order=asc").body();
            long rows = CSVFormat.RFC4180.parse(new InputStreamReader(table, UTF_8)).stream()
                    .count();
            assertThat(rows).isEqualTo(MANY + 1);

            ParquetBytes columns = new ParquetBytes(
                    get(small.port(), "app=export-many&format=parquet").body().readAllBytes());
            assertThat(columns.rows.stream().map(row -> row.getLong("id", 0))).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(columns.rowGroups).isGreaterThan(5);
        }
    }

    @Test
    void lines_are_what_the_list_shows() throws Exception {
        api.ingest(Records.ndjson("export-lines", 0, 300));
        Eventually.holds(() -> database.logs("export-lines") == 300);

        HttpResponse<InputStream> answer = get(app.port(), "app=export-lines&q=metadata_.user_id:%5B10%20TO%2019%5D");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"logs-\\d{8}T\\d{6}Z\\.ndjson\"");
        Answer list = api.get("/api/v1/logs/?limit=1000&app=export-lines&q=metadata_.user_id:%5B10%20TO%2019%5D");
        assertThat("[" + String.join(",", lines(answer)) + "]")
                .isEqualTo(list.response().body());
        assertThat(list.body()).hasSize(30);
    }

    @Test
    void a_table_keeps_every_character_and_holds_no_formula() throws Exception {
        List<String> messages =
                List.of("plain", "=1+1", "+1", "-1", "@cmd", "\ttab", "\rreturn", "a,\"b\"\r\nc", "é 😀", "'");
        StringBuilder body = new StringBuilder();
        for (String message : messages) {
            body.append(JSON.writeValueAsString(Map.of(
                            "level",
                            "INFO",
                            "service",
                            "=s",
                            "app",
                            "export-csv",
                            "message",
                            message,
                            "metadata_",
                            Map.of("a", "\"=1"))))
                    .append('\n');
        }
        api.ingest(body.toString());
        Eventually.holds(() -> database.logs("export-csv") == messages.size());

        HttpResponse<InputStream> answer = get(app.port(), "app=export-csv&format=csv&order=asc");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        List<CSVRecord> rows = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new InputStreamReader(answer.body(), UTF_8))
                .getRecords();
        assertThat(rows.stream().map(row -> row.get("message")))
                .containsExactly(
                        "plain", "'=1+1", "'+1", "'-1", "'@cmd", "'\ttab", "'\rreturn", "a,\"b\"\r\nc", "é 😀", "'");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("service")).isEqualTo("'=s");
            assertThat(row.get("metadata_")).isEqualTo("{\"a\": \"\\\"=1\"}");
            assertThat(Long.parseLong(row.get("id"))).isPositive();
        });
    }

    @Test
    void times_of_a_table_are_in_the_zone_that_is_asked_for() throws Exception {
        api.ingest("{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"s\",\"app\":\"export-zone\","
                + "\"timestamp\":\"2026-01-31T20:00:00.5Z\"}");
        Eventually.holds(() -> database.logs("export-zone") == 1);
        String table = "app=export-zone&format=csv";

        assertThat(lines(get(app.port(), table)).get(1)).contains(",2026-01-31T20:00:00.5Z,");
        assertThat(lines(get(app.port(), table + "&zone=Asia/Kolkata")).get(1))
                .contains(",2026-02-01T01:30:00.5+05:30,");
        assertThat(get(app.port(), table + "&zone=Atlantis").statusCode()).isEqualTo(400);
    }

    @Test
    void a_table_without_logs_has_its_header() throws Exception {
        assertThat(lines(get(app.port(), "app=export-none&format=csv&start_time=%2B1d")))
                .containsExactly("id,timestamp,level,app,service,message,metadata_,app_id,received_at");
    }

    @Test
    void columns_hold_what_the_list_shows() throws Exception {
        api.ingest(Records.ndjson("export-columns", 0, 300));
        Eventually.holds(() -> database.logs("export-columns") == 300);
        database.execute("INSERT INTO logs (app_id, app, level, service, message, timestamp, received_at)"
                + " SELECT id, name, 'NOTE', s, m, t::timestamptz, now() FROM apps, (VALUES"
                + " ('é 😀', '', '1969-12-31T23:59:59.999999Z'), ('s', 'plain', '2961-01-31T12:00:00.000001Z')) AS v (s, m, t)"
                + " WHERE name = 'export-columns'");

        HttpResponse<InputStream> answer = get(app.port(), "app=export-columns&format=parquet&order=asc");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/vnd.apache.parquet");
        assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"logs-\\d{8}T\\d{6}Z\\.parquet\"");
        ParquetBytes file = new ParquetBytes(answer.body().readAllBytes());
        assertThat(file.schema).isEqualTo(MessageTypeParser.parseMessageType("""
                message log {
                  required int64 id;
                  required int64 timestamp (TIMESTAMP(MICROS,true));
                  required binary level (STRING);
                  required binary app (STRING);
                  required binary service (STRING);
                  required binary message (STRING);
                  optional binary metadata_ (JSON);
                  required int32 app_id;
                  required int64 received_at (TIMESTAMP(MICROS,true));
                }"""));
        Answer list = api.get("/api/v1/logs/?limit=1000&order=asc&app=export-columns");
        assertThat(file.rows.stream().map(ExportIT::log)).hasSize(302).containsExactlyElementsOf(() -> list.body()
                .elements());
    }

    /** A row as the list shows it. */
    private static JsonNode log(Group row) {
        String metadata = row.getFieldRepetitionCount("metadata_") == 0 ? "null" : row.getString("metadata_", 0);
        try {
            String log = JSON.createObjectNode()
                    .put("id", row.getLong("id", 0))
                    .put("level", row.getString("level", 0))
                    .put("message", row.getString("message", 0))
                    .put("timestamp", time(row.getLong("timestamp", 0)))
                    .put("service", row.getString("service", 0))
                    .put("app_id", row.getInteger("app_id", 0))
                    .put("app", row.getString("app", 0))
                    .put("received_at", time(row.getLong("received_at", 0)))
                    .set("metadata_", JSON.readTree(metadata))
                    .toString();
            // again, since an ObjectNode knows a long 1 from an int 1
            return JSON.readTree(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String time(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L)
                .toString();
    }

    @Test
    void columns_without_logs_are_a_file() throws Exception {
        InputStream body = get(app.port(), "app=export-none&format=parquet").body();

        ParquetBytes file = new ParquetBytes(body.readAllBytes());

        assertThat(file.rows).isEmpty();
        assertThat(file.schema.getFieldCount()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_goes_away_ends_its_query(ExportFormat format) throws Exception {
        try (InputStream body =
                get(app.port(), "app=export-many&format=" + name(format)).body()) {
            body.readNBytes(1_000);
            Eventually.holds(() -> database.number("SELECT count(*) " + HELD) == 1);
        }
        Eventually.holds(() -> database.number("SELECT count(*) " + HELD) == 0);
    }

    @Test
    void a_few_run_at_once() throws Exception {
        try (InputStream one = get(app.port(), "app=export-many").body();
                InputStream other = get(app.port(), "app=export-many").body()) {
            assertThat(one.read()).isEqualTo(other.read());

            HttpResponse<InputStream> third = get(app.port(), "app=export-none");

            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.headers().firstValue("Retry-After")).isPresent();
            assertThat(lines(third).get(0)).contains("too_many_exports");
            assertThat(api.get("/api/v1/logs/?app=export-many").status()).isEqualTo(200);
        }
        Eventually.holds(() -> status("app=export-none") == 200);
    }

    @ParameterizedTest
    @EnumSource
    void an_export_that_breaks_off_does_not_look_complete(ExportFormat format) throws Exception {
        try (InputStream body =
                get(app.port(), "app=export-many&format=" + name(format)).body()) {
            body.readNBytes(1_000);
            Eventually.holds(() -> database.number("SELECT count(*) " + HELD) == 1);

            database.execute("SELECT pg_terminate_backend(pid) " + HELD);

            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void an_export_is_ended_by_its_name() throws Exception {
        String id = UUID.randomUUID().toString();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + app.port() + "/api/v1/logs/export?app=export-many"))
                .header("Query-Id", id)
                .build();
        try (InputStream body =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            body.readNBytes(1_000);

            Eventually.holds(() ->
                    api.delete("/api/v1/queries/" + id).body().get("cancelled").asInt() == 1);

            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void the_first_log_is_not_waited_for_without_end() throws SQLException {
        try (Connection other = DriverManager.getConnection(database.jdbcUrl())) {
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("LOCK TABLE logs IN ACCESS EXCLUSIVE MODE");
            }
            assertThat(status("app=export-many")).isEqualTo(504);
        }
    }

    @Test
    void mistakes_are_told() {
        assertThat(status("format=xml")).isEqualTo(400);
        assertThat(status("order=up")).isEqualTo(400);
        assertThat(status("limit=5")).isEqualTo(400);
    }

    private static String name(ExportFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static int status(String query) {
        try {
            HttpResponse<InputStream> answer = get(app.port(), query);
            answer.body().close();
            return answer.statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return new String(body.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private static HttpResponse<InputStream> get(int port, String query) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/logs/export?" + query);
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
