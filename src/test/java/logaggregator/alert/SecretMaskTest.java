package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretMaskTest {

    private final SecretMask mask = SecretMask.of(Map.of(
            "NOTIFY_TELEGRAM_TOKEN", "123:abcdef",
            "NOTIFY_EMAIL_PASSWORD", "pass word",
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
        assertThat(mask.mask("/in/abc?k=1 at chat.example refused")).isEqualTo("*** at chat.example refused");
    }

    @Test
    void values_of_secret_settings_are_not_shown() {
        assertThat(mask.mask("token 123:abcdef, 'pass word', host.example/hook, ingest-group, a"))
                .isEqualTo("token ***, '***', ***, ingest-group, a");
    }

    @Test
    void a_failure_is_described_in_one_short_line_with_its_cause() {
        assertThat(mask.describe(new IllegalStateException("it failed", new IOException("no\nroute"))))
                .isEqualTo("it failed: no route");
        assertThat(mask.describe(new IOException())).isEqualTo("IOException");
        assertThat(mask.describe(new IOException("x".repeat(10_000))).length()).isLessThan(600);
    }
}
