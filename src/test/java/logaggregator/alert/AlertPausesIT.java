package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One process stores, two evaluate: whatever stands still for a while, nothing is hidden, nothing is made up, nothing bursts. */
class AlertPausesIT {

    private static final int PAUSE_MILLIS = 12_000;

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static Database database;
    private static Alerts alerts;
    private static AppProcess storing;
    private static List<AppProcess> evaluating;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("alert-pauses");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        database = new Database(postgres);
        alerts = new Alerts(directory, postgres.url(), database);
        alerts.rules("""
                burst: {threshold: 10, interval_sec: 5}
                stalled: {threshold: 10, interval_sec: 5}
                rules:
                  - {name: silent, match: {service: steady}, absent_for: 10}
                  - {name: few, match: {service: steady}, threshold: "< 1", interval_sec: 10}
                """);
        storing = alerts.launch("storing", settings("api,worker"));
        evaluating = List.of(alerts.launch("one", settings("alerts")), alerts.launch("other", settings("alerts")));
        Eventually.holds(() -> storing.isReady() && evaluating.stream().allMatch(AppProcess::isReady));
    }

    private static Map<String, String> settings(String roles) {
        return Map.of("REDIS_URL", redis.url(), "APP_ROLES", roles);
    }

    @AfterAll
    static void stop() {
        evaluating.forEach(AppProcess::close);
        storing.close();
        redis.close();
        postgres.close();
    }

    @Test
    void what_was_stored_while_all_who_evaluate_were_stopped_fires_once_and_is_over() {
        Eventually.holds(() -> evaluations() > 2);
        evaluating.forEach(process -> process.signal("STOP"));
        Alerts.log(storing.api(), "burst", "INFO", 10);
        Alerts.pause(PAUSE_MILLIS);
        assertThat(alerts.told("burst", "firing")).isZero();
        long before = evaluations();
        evaluating.forEach(process -> process.signal("CONT"));

        Eventually.holds(() -> alerts.told("burst", "firing") == 1);
        // those that were missed are one
        assertThat(evaluations() - before).isLessThan(PAUSE_MILLIS / 1_000);
        Eventually.holds(() -> alerts.told("burst", "resolved") == 1);
        assertThat(alerts.printed("burst", "firing")).isEqualTo(1);
        assertThat(alerts.printed("burst", "resolved")).isEqualTo(1);
    }

    @Test
    void who_stalls_in_the_middle_of_an_evaluation_has_nothing_to_say_afterwards() throws SQLException {
        AppProcess stalled = evaluating.get(0);
        AppProcess other = evaluating.get(1);
        Eventually.holds(() -> evaluations() > 2);
        other.signal("STOP");
        try (Connection opponent = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = opponent.createStatement()) {
            opponent.setAutoCommit(false);
            // it has counted when it comes to this
            statement.execute("LOCK TABLE alert_silences IN ACCESS EXCLUSIVE MODE");
            Alerts.log(storing.api(), "stalled", "INFO", 10);
            Eventually.holds(() -> database.number("SELECT count(*) FROM last_stored WHERE service = 'stalled'") == 1);
            Instant counted = Instant.now();
            Eventually.holds(
                    () -> database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND query LIKE '%alert_silences%' AND query_start > '" + counted + "'")
                            > 0);
            stalled.signal("STOP");
            opponent.rollback();
        }
        assertThat(alerts.told("stalled", "firing")).isZero();
        other.signal("CONT");
        Eventually.holds(() -> alerts.told("stalled", "resolved") == 1);
        stalled.signal("CONT");
        long before = evaluations();
        Eventually.holds(() -> evaluations() > before + 5);

        assertThat(alerts.printed("stalled", "firing")).isEqualTo(1);
        assertThat(alerts.printed("stalled", "resolved")).isEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM alerts WHERE rule = 'stalled' AND ended_at IS NULL"))
                .isZero();
    }

    /** Each folds; and so does the process that stores, once a minute. */
    private static long evaluations() {
        return database.number("SELECT count(*) FROM count_folds");
    }

    @Test
    void an_outage_of_the_database_is_no_silence_of_those_who_log() {
        Alerts.log(storing.api(), "steady", "INFO", 1);
        // where it took long until all had started there were too few at first
        Eventually.holds(() -> heard() == 1 && missed().isEmpty());
        long few = alerts.told("few", "firing");
        postgres.kill();
        Alerts.pause(PAUSE_MILLIS);
        postgres.start();
        long before = evaluations();
        Eventually.holds(() -> evaluations() > before + 1);
        assertThat(missed()).isEmpty();

        // which isn't overlooked when it comes
        Eventually.holds(() -> alerts.told("silent", "firing") == 1 && alerts.told("few", "firing") == few + 1);
    }

    /** Rules that something is missing for. */
    private static List<String> missed() {
        return database.column("SELECT rule FROM alerts WHERE rule IN ('silent', 'few') AND ended_at IS NULL");
    }

    private static long heard() {
        return database.number("SELECT count(*) FROM last_stored WHERE service = 'steady'");
    }
}
