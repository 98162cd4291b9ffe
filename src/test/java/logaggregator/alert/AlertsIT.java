package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two processes on one Redis and one database tell of each alert as one. */
class AlertsIT {

    private static final String RULES = """
            ERROR: {threshold: 10, interval_sec: 8}
            skewed: {threshold: 10, interval_sec: 8}
            late: {threshold: 10, interval_sec: 5}
            silenced: {threshold: 1, interval_sec: 60}
            silenced-for-a-while: {threshold: 1, interval_sec: 60}
            beside: {threshold: 10, interval_sec: 60}
            rules:
              - name: by-service
                match: {level: CRITICAL, app: alerts}
                threshold: 2
                interval_sec: 60
                group_by: service
                severity: critical
                message: "{count} in {group}, from {first} to {last}"
              - name: searched
                match: {service: searched, q: 'message:"m3" OR message:m4'}
                threshold: 2
                interval_sec: 60
              - name: by-app
                match: {service: grouped}
                threshold: 1
                interval_sec: 60
                group_by: app
              - name: slow
                match: {service: slow, q: 'message:m*'}
                threshold: 10
                interval_sec: 60
              - name: quiet
                match: {service: "quiet"}
                absent_for: 5
            """;

    private static final HttpReceiver receiver = new HttpReceiver();
    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static Database database;
    private static Alerts alerts;
    private static final List<AppProcess> processes = new ArrayList<>();

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("alerts");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        database = new Database(postgres);
        alerts = new Alerts(directory, postgres.url(), database);
        alerts.rules(RULES);
        Map<String, String> settings = Map.of("REDIS_URL", redis.url(), "NOTIFY_WEBHOOK_URL", receiver.url("/alerts"));
        processes.add(alerts.launch("one", settings));
        processes.add(alerts.launch("two", settings));
        processes.forEach(process -> Eventually.holds(process::isReady));
    }

    @AfterAll
    static void stop() {
        processes.forEach(AppProcess::close);
        redis.close();
        postgres.close();
        receiver.close();
    }

    /** How often the webhook was told. */
    private static long posted(String rule, String state) {
        return receiver.requests("/alerts").stream()
                .filter(request -> request.body().contains("\"rule\":\"" + rule + "\"")
                        && request.body().contains("\"state\":\"" + state + "\""))
                .count();
    }

    private static Api api() {
        return processes.get(0).api();
    }

    @Test
    void it_fires_once_in_each_interval_at_each_channel_and_is_over_once() {
        Alerts.log(api(), "once", "ERROR", 9);
        Alerts.pause(1_500);
        assertThat(alerts.told("ERROR", "firing")).isZero();
        Alerts.log(processes.get(1).api(), "once", "ERROR", 10);
        Eventually.holds(() -> alerts.told("ERROR", "firing") == 1);

        Alerts.pause(3_000);
        Alerts.log(api(), "once", "ERROR", 10);
        Eventually.holds(() -> alerts.told("ERROR", "firing") == 2);
        Eventually.holds(() -> alerts.told("ERROR", "resolved") == 1);

        Alerts.pause(5_000);
        assertThat(alerts.told("ERROR", "firing")).isEqualTo(2);
        assertThat(alerts.told("ERROR", "resolved")).isEqualTo(1);
        assertThat(alerts.printed("ERROR", "firing")).isEqualTo(2);
        assertThat(alerts.printed("ERROR", "resolved")).isEqualTo(1);
        assertThat(posted("ERROR", "firing")).isEqualTo(2);
        assertThat(posted("ERROR", "resolved")).isEqualTo(1);
        JsonNode fired = recent("ERROR").get(2);
        assertThat(fired.get("state").asText()).isEqualTo("firing");
        assertThat(fired.get("message").asText()).matches("ERROR: 19 logs in 8s");
        assertThat(fired.get("link").asText()).startsWith("https://logs.example.com/?q=level%3AERROR&start_time=20");
        assertThat(fired.get("results"))
                .extracting(result -> result.get("channel").asText())
                .containsExactlyInAnyOrder("print", "webhook");
        assertThat(fired.get("results"))
                .allSatisfy(result ->
                        assertThat(result.get("delivered").asBoolean()).isTrue());
    }

    @Test
    void the_clock_of_a_producer_hides_nothing() {
        for (Duration error : List.of(Duration.ofHours(-2), Duration.ofHours(2))) {
            String record =
                    "{\"level\":\"INFO\",\"message\":\"m\",\"service\":\"skewed\",\"app\":\"alerts\",\"timestamp\":\""
                            + Instant.now().plus(error) + "\"}\n";
            api().ingest(record.repeat(5));
        }

        Eventually.holds(() -> alerts.told("skewed", "firing") == 1);
    }

    @Test
    void logs_that_were_in_the_queue_for_longer_than_the_interval_count_when_they_are_stored() throws SQLException {
        try (Connection opponent = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = opponent.createStatement()) {
            opponent.setAutoCommit(false);
            statement.execute("LOCK TABLE logs IN SHARE ROW EXCLUSIVE MODE");
            Alerts.log(api(), "late", "INFO", 10);
            Alerts.pause(8_000);
            opponent.rollback();
        }

        Eventually.holds(() -> alerts.told("late", "firing") == 1);
    }

    @Test
    void each_group_is_an_alert_of_its_own_and_shows_its_logs() {
        Alerts.log(api(), "group-a", "CRITICAL", 3);
        Alerts.log(api(), "group-b", "CRITICAL", 2);
        Alerts.log(api(), "group-c", "CRITICAL", 1);

        Eventually.holds(() -> alerts.told("by-service", "firing") == 2);
        assertThat(recent("by-service"))
                .extracting(alert -> alert.get("message").asText())
                .containsExactlyInAnyOrder("3 in group-a, from m0 to m2", "2 in group-b, from m0 to m1");
        assertThat(firing("by-service"))
                .extracting(alert -> alert.get("group").asText())
                .containsExactlyInAnyOrder("group-a", "group-b");
    }

    @Test
    void a_search_finds_logs_by_what_they_say() {
        Alerts.log(api(), "searched", "INFO", 10);

        Eventually.holds(() -> alerts.told("searched", "firing") == 1);
        assertThat(recent("searched").get(0).get("count").asInt()).isEqualTo(2);
    }

    @Test
    void a_search_that_hangs_is_given_up_and_delays_no_other_rule() throws SQLException {
        try (Connection opponent = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = opponent.createStatement()) {
            opponent.setAutoCommit(false);
            statement.execute("LOCK TABLE logs_default IN ACCESS EXCLUSIVE MODE");
            Alerts.log(api(), "slow", "INFO", 10);
            Alerts.log(api(), "beside", "INFO", 10);

            Eventually.holds(() -> alerts.told("beside", "firing") == 1);
            Eventually.holds(() ->
                    processes.stream().anyMatch(process -> slowSearches(process).contains("slow")));
            assertThat(alerts.told("slow", "firing")).isZero();
            opponent.rollback();
        }
        Eventually.holds(() -> alerts.told("slow", "firing") == 1);
        Eventually.holds(() ->
                processes.stream().allMatch(process -> slowSearches(process).isEmpty()));
    }

    private static String slowSearches(AppProcess process) {
        return process.api().get("/health").body().at("/reasons/alert-counts").asText();
    }

    @Test
    void what_was_heard_and_goes_quiet_fires() {
        Alerts.log(api(), "quiet", "INFO", 1);
        Eventually.holds(() -> alerts.told("quiet", "firing") == 1);
        Alerts.log(api(), "quiet", "INFO", 1);
        Eventually.holds(() -> alerts.told("quiet", "resolved") == 1);
    }

    @Test
    void nobody_is_told_during_a_silence() {
        Api.Answer created = api().post(
                        "/api/v1/alerts/silences/",
                        "{\"rule\":\"silenced\",\"until\":\"+1h\",\"comment\":\"test\"}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(created.status()).isEqualTo(201);
        Alerts.log(api(), "silenced", "INFO", 1);

        Eventually.holds(() -> !firing("silenced").isEmpty());
        assertThat(firing("silenced").get(0).get("silenced").asBoolean()).isTrue();
        Alerts.pause(3_000);
        assertThat(alerts.told("silenced", "firing")).isZero();
        assertThat(processes.get(1).api().get("/api/v1/alerts/silences/").body())
                .hasSize(1);
        assertThat(api().delete(created.response()
                                .headers()
                                .firstValue("Location")
                                .orElseThrow())
                        .status())
                .isEqualTo(200);
        Eventually.holds(() -> alerts.told("silenced", "firing") == 1);
    }

    @Test
    void a_silence_of_a_group_is_about_that_group_alone() {
        String silence = silence("{\"group\":\"loud\",\"until\":\"+1h\",\"comment\":\"test\"}");
        Alerts.log(api(), "loud", "grouped", "INFO", 1);
        Alerts.log(api(), "other", "grouped", "INFO", 1);

        Eventually.holds(() -> firing("by-app").size() == 2);
        Eventually.holds(() -> alerts.told("by-app", "firing") == 1);
        Alerts.pause(2_000);
        assertThat(recent("by-app"))
                .extracting(alert -> alert.get("group").asText())
                .containsExactly("other");
        assertThat(firing("by-app"))
                .filteredOn(alert -> alert.get("silenced").asBoolean())
                .extracting(alert -> alert.get("group").asText())
                .containsExactly("loud");
        api().delete(silence);
        Eventually.holds(() -> alerts.told("by-app", "firing") == 2);
    }

    @Test
    void what_still_holds_when_a_silence_runs_out_fires_then() {
        silence("{\"rule\":\"silenced-for-a-while\",\"until\":\"+8s\",\"comment\":\"test\"}");
        Alerts.log(api(), "silenced-for-a-while", "INFO", 1);

        Eventually.holds(() -> !firing("silenced-for-a-while").isEmpty());
        assertThat(alerts.told("silenced-for-a-while", "firing")).isZero();
        Eventually.holds(() -> alerts.told("silenced-for-a-while", "firing") == 1);
        assertThat(api().get("/api/v1/alerts/silences/").body())
                .noneMatch(silence -> silence.get("rule").asText().equals("silenced-for-a-while"));
    }

    /** Returns where it is. */
    private static String silence(String body) {
        Api.Answer created = api().post("/api/v1/alerts/silences/", body.getBytes(StandardCharsets.UTF_8));
        assertThat(created.status()).isEqualTo(201);
        return created.response().headers().firstValue("Location").orElseThrow();
    }

    @Test
    void a_channel_that_only_a_rule_knows_is_shown_wherever_one_looks() {
        alerts.rules(
                RULES
                        + "  - {name: lost, match: {service: lost}, threshold: 1, interval_sec: 60, channels: [pager, print]}\n");

        Eventually.holds(() -> health().at("/reasons/alert-channels").isTextual());
        String problem = "channel pager is not on, but named by lost";
        assertThat(health().at("/reasons/alert-channels").asText()).isEqualTo(problem);
        assertThat(api().get("/api/v1/alerts/rules")
                        .body()
                        .at("/channel_problems/0")
                        .asText())
                .isEqualTo(problem);
        assertThat(api().get("/api/v1/alerts/channels").body())
                .filteredOn(channel -> channel.get("name").asText().equals("pager"))
                .singleElement()
                .satisfies(channel -> {
                    assertThat(channel.get("source").asText()).isEqualTo("missing");
                    assertThat(channel.get("started").asBoolean()).isFalse();
                    assertThat(channel.get("error").asText()).isEqualTo(problem);
                });
        assertThat(alerts.lines(processes.get(0)))
                .filteredOn(line -> line.contains("WARN") && line.contains(problem))
                .hasSize(1);

        alerts.rules(RULES);
        Eventually.holds(() -> !health().at("/reasons/alert-channels").isTextual());
    }

    @Test
    void a_file_with_a_mistake_changes_nothing() {
        int rules = api().get("/api/v1/alerts/rules").body().get("rules").size();
        alerts.rules(RULES + "  - name: broken\n    threshold: many\n    interval_sec: 60\n");

        Eventually.holds(() -> health().at("/reasons/alert-rules").isTextual());
        assertThat(health().at("/reasons/alert-rules").asText()).contains("line 32: threshold must be");
        assertThat(health().get("status").asText()).isEqualTo("degraded");
        JsonNode shown = api().get("/api/v1/alerts/rules").body();
        assertThat(shown.get("error").asText()).contains("line 32: threshold must be");
        assertThat(shown.get("rules")).hasSize(rules);

        alerts.rules(RULES + "  - name: added\n    match: {service: added}\n    threshold: 1\n    interval_sec: 60\n");
        Eventually.holds(() -> !health().has("reasons"));
        assertThat(api().get("/api/v1/alerts/rules").body().get("rules")).hasSize(rules + 1);
        Alerts.log(api(), "added", "INFO", 1);
        Eventually.holds(() -> alerts.told("added", "firing") == 1);

        alerts.rules(RULES);
        String missing = "FROM alerts WHERE rule = 'added' AND missing_since IS NOT NULL";
        Eventually.holds(() -> database.number("SELECT count(*) " + missing) == 1);
        assertThat(alerts.told("added", "resolved")).isZero();
        database.execute("UPDATE alerts SET missing_since = missing_since - interval '1 minute' WHERE rule = 'added'");
        Eventually.holds(() -> alerts.told("added", "resolved") == 1);
    }

    private static JsonNode health() {
        return api().get("/health").body();
    }

    /** What was told of a rule, the newest first. */
    private static List<JsonNode> recent(String rule) {
        return of(rule, "recent");
    }

    private static List<JsonNode> firing(String rule) {
        return of(rule, "firing");
    }

    private static List<JsonNode> of(String rule, String part) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode alert : api().get("/api/v1/alerts/?limit=1000").body().get(part)) {
            if (alert.get("rule").asText().equals(rule)) {
                found.add(alert);
            }
        }
        return found;
    }
}
