package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import logaggregator.support.AlertmanagerProcess;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Alerts reach a real Alertmanager, which sees them begin and end. */
@EnabledIf("installed")
class AlertmanagerIT {

    static boolean installed() {
        boolean installed = Files.isExecutable(Path.of(AlertmanagerProcess.PROGRAM))
                && Files.isExecutable(Path.of(AlertmanagerProcess.TOOL));
        if (!installed) {
            System.err.println("########## AlertmanagerIT IS SKIPPED: no " + AlertmanagerProcess.PROGRAM
                    + " here (apt-get install prometheus-alertmanager) ##########");
        }
        return installed;
    }

    @Test
    void shows_what_a_rule_finds_until_it_is_over() throws IOException {
        Path directory = Servers.newDirectory("alertmanager-rule");
        Path rules = Files.writeString(
                directory.resolve("alerts.yaml"),
                "rules: [{name: outage, match: {level: ERROR}, threshold: 3, interval_sec: 8, group_by: service}]");
        try (HttpReceiver receiver = new HttpReceiver();
                AlertmanagerProcess alertmanager = new AlertmanagerProcess(directory, receiver.url("/passed-on"));
                PostgresProcess postgres = new PostgresProcess(directory);
                InProcessApp app = new InProcessApp(
                        postgres,
                        Servers.redis(),
                        "alertmanager-rule:stream",
                        "alert.rules=" + rules,
                        "alert.check-interval=1",
                        "alert.key-prefix=alertmanager-rule:",
                        "notify.print.enabled=false",
                        "notify.alertmanager.url=" + alertmanager.url(),
                        "routes.dir=target/no-such-folder")) {
            Alerts.log(app.api(), "checkout", "ERROR", 3);
            Alerts.log(app.api(), "other", "ERROR", 2);

            Eventually.passes(() -> assertThat(alertmanager.query()).contains("outage", "checkout"));
            assertThat(alertmanager.query()).doesNotContain("\"other\"");
            Eventually.passes(() -> assertThat(alertmanager.query()).doesNotContain("outage"));
            Eventually.passes(() -> assertThat(receiver.requests("/passed-on"))
                    .extracting(HttpReceiver.Request::body)
                    .anyMatch(body -> body.contains("checkout") && body.contains("\"status\":\"resolved\"")));
            assertThat(receiver.requests("/passed-on"))
                    .extracting(HttpReceiver.Request::body)
                    .noneMatch(body -> body.contains("\"other\""));
        }
    }

    @Test
    void shows_an_alert_until_it_is_resolved() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (HttpReceiver receiver = new HttpReceiver();
                AlertmanagerProcess alertmanager =
                        new AlertmanagerProcess(Servers.newDirectory("alertmanager"), receiver.url("/passed-on"));
                InProcessApp app = new InProcessApp(
                        Servers.postgres(),
                        Servers.redis(),
                        "alertmanager:stream",
                        "app.roles=alerts",
                        "notify.print.enabled=false",
                        "notify.alertmanager.url=" + alertmanager.url() + "/",
                        "routes.dir=target/no-such-folder")) {
            Notifier notifier = new Notifier(app);
            AlertNotice firing = new AlertNotice(
                    "too many \"errors\"",
                    "critical",
                    12,
                    "db",
                    now.minusSeconds(60),
                    null,
                    now.plusSeconds(3_600),
                    "12 logs\nin 60s",
                    "http://logs");

            assertThat(notifier.tellOne(firing, "alertmanager").error()).isNull();
            notifier.tellOne(
                    new AlertNotice("other", "info", 1, "", now.minusSeconds(5), null, now.plusSeconds(60), "m", ""),
                    "alertmanager");

            assertThat(alertmanager.query())
                    .contains("too many \\\"errors\\\"", "\"db\"", "\"critical\"", "12 logs | in 60s", "\"other\"");

            Instant end = now.minusSeconds(1);
            AlertNotice resolved =
                    new AlertNotice(firing.rule(), "critical", 0, "db", firing.startedAt(), end, end, "over", "");
            assertThat(notifier.tellOne(resolved, "alertmanager").error()).isNull();

            assertThat(alertmanager.query()).contains("\"other\"").doesNotContain("too many");
            Eventually.passes(() -> assertThat(receiver.requests("/passed-on"))
                    .extracting(HttpReceiver.Request::body)
                    .anyMatch(body -> body.contains("too many") && body.contains("\"status\":\"resolved\"")));
        }
    }
}
