package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretMaskTest {

    private final SecretMask mask = SecretMask.of(Map.of(
            "NOTIFY_TELEGRAM_TOKEN", "123:abcdef",
            "NOTIFY_EMAIL_PASSWORD", "pass word",
            "SMTP_PASS", "word of the day",
            "MY_TEAM_WEBHOOK", "host.example/hook",
            "CHAT_URL", "https://me:pw@chat.example/in/abc?k=1",
            "INGEST_GROUP", "ingest-group",
            "SHORT_KEY", "a"));

    @Test
    void of_a_url_only_the_server_is_shown() {
        assertThat(mask.mask("POST https://user:pw@hooks.example:8443/services/T0/B0?x=y failed"))
                .isEqualTo("POST https://hooks.example:8443/*** failed");
        assertThat(mask.mask("No endpoint: htp://hooks.example/in/abc?password=x, sorry"))
                .isEqualTo("No endpoint: htp://hooks.example/*** sorry");
        assertThat(mask.mask("Connect to http://127.0.0.1:9093 refused"))
                .isEqualTo("Connect to http://127.0.0.1:9093 refused");
        assertThat(mask.mask("https://hooks.example/a'b[c]<d> failed")).isEqualTo("https://hooks.example/*** failed");
        assertThat(mask.mask("/in/abc?k=1 at chat.example refused")).isEqualTo("*** at chat.example refused");
    }

    @Test
    void values_of_secret_settings_are_not_shown() {
        assertThat(mask.mask("token 123:abcdef, 'pass word', word of the day, host.example/hook, ingest-group, a"))
                .isEqualTo("token ***, '***', ***, ***, ingest-group, a");
    }

    @Test
    void what_only_says_something_about_a_secret_is_shown() {
        SecretMask settings = SecretMask.of(Map.of(
                "alert.key-prefix", "alert:",
                "notify.webhook.enabled", "false",
                "ALERT_KEY_PREFIX", "logs:alert:",
                "PUBLIC_URL", "https://logs.example.com/logs",
                "notify.webhook.url", "https://hooks.example/logs/s3cret"));

        assertThat(settings.mask("false alert: logs:alert: /logs")).isEqualTo("false alert: logs:alert: /logs");
        assertThat(settings.mask("/logs/s3cret")).isEqualTo("***");
    }

    @Test
    void what_channels_take_from_the_environment_is_not_shown_whatever_it_is_called() {
        SecretMask settings = SecretMask.of(Map.of(
                "ONCALL_PIN", "47110815", "DOOR", "open sesame", "ROOM", "room 12", "ONCALL_SMTP", "mail.example:25"));
        String said = "47110815, open sesame, room 12, mail.example:25";
        assertThat(settings.mask(said)).isEqualTo(said);

        settings.learn("""
                expression: "${properties:ONCALL_PIN} ${properties:ROOM:nowhere} ${properties:UNKNOWN}"
                uri: smtp:{{ONCALL_SMTP}}
                password: "RAW({{DOOR}})"
                """);
        assertThat(settings.mask(said)).isEqualTo("***, ***, ***, mail.example:25");
    }

    @Test
    void a_failure_is_described_in_one_short_line_with_its_cause() {
        assertThat(mask.describe(new IllegalStateException("it failed", new IOException("no\nroute"))))
                .isEqualTo("it failed: no route");
        assertThat(mask.describe(new IOException())).isEqualTo("IOException");
        assertThat(mask.describe(new IOException("x".repeat(10_000))).length()).isLessThan(600);
    }
}
