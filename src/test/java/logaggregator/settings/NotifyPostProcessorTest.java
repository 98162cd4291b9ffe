package logaggregator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class NotifyPostProcessorTest {

    @Test
    void a_channel_is_on_when_its_setting_is_given() {
        StandardEnvironment none = environment(Map.of());
        assertThat(none.getProperty("notify.print.enabled")).isEqualTo("true");
        for (String name : new String[] {"webhook", "slack", "telegram", "alertmanager", "email"}) {
            assertThat(none.getProperty("notify." + name + ".enabled")).as(name).isEqualTo("false");
        }

        StandardEnvironment all = environment(Map.of(
                "notify.print.enabled", "FALSE",
                "notify.webhook.url", "https://hooks.example/x",
                "notify.alertmanager.url", "http://alerts.example:9093/prefix/",
                "notify.telegram.token", "1:x",
                "notify.telegram.chat", "@team"));
        assertThat(all.getProperty("notify.print.enabled")).isEqualTo("false");
        assertThat(all.getProperty("notify.webhook.enabled")).isEqualTo("true");
        assertThat(all.getProperty("notify.alertmanager.alerts"))
                .isEqualTo("http://alerts.example:9093/prefix/api/v2/alerts");
        assertThat(all.getProperty("notify.telegram.send")).isEqualTo("https://api.telegram.org/bot1:x/sendMessage");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notify.webhook.url",
                "notify.slack.url",
                "notify.telegram.chat",
                "notify.email.to",
                "notify.email.from",
                "notify.email.host",
                "notify.email.port",
                "notify.email.user",
                "notify.email.password"
            })
    void a_line_that_ends_a_value_is_not_part_of_it(String property) {
        Map<String, Object> given = new HashMap<>(Map.of(
                "notify.webhook.url", "https://hooks.example/x",
                "notify.slack.url", "https://hooks.example/y",
                "notify.telegram.token", "1:x",
                "notify.telegram.chat", "@team",
                "notify.email.to", "a@example.org",
                "notify.email.from", "b@example.org",
                "notify.email.host", "mail.example",
                "notify.email.port", "2525",
                "notify.email.user", "me",
                "notify.email.password", "secret"));
        String value = (String) given.get(property);
        given.put(property, value + "\n");

        assertThat(environment(given).getProperty(property)).isEqualTo(value);
    }

    @Test
    void nothing_is_on_where_nobody_notifies() {
        StandardEnvironment worker =
                environment(Map.of("app.roles", "Worker", "notify.webhook.url", "https://hooks.example/x"));

        assertThat(worker.getProperty("notify.print.enabled")).isEqualTo("false");
        assertThat(worker.getProperty("notify.webhook.enabled")).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource({"starttls, smtp, 587, true", "TLS, smtps, 465, false", "none, smtp, 25, false"})
    void the_way_to_the_mail_server_follows_from_tls(String tls, String scheme, String port, String starttls) {
        StandardEnvironment mail = environment(Map.of(
                "notify.email.to", "a@example.org, b@example.org",
                "notify.email.host", "mail.example",
                "notify.email.tls", tls,
                "notify.email.user", "me",
                "notify.email.password", "secret"));

        assertThat(mail.getProperty("notify.email.enabled")).isEqualTo("true");
        assertThat(mail.getProperty("notify.email.scheme")).isEqualTo(scheme);
        assertThat(mail.getProperty("notify.email.port")).isEqualTo(port);
        assertThat(mail.getProperty("notify.email.starttls")).isEqualTo(starttls);
        assertThat(mail.getProperty("notify.email.from")).isEqualTo("a@example.org");
        assertThat(mail.getProperty("notify.email.login")).isEqualTo("#emailLogin");
    }

    @ParameterizedTest
    @CsvSource({
        "notify.webhook.url, https:///s3cret, NOTIFY_WEBHOOK_URL",
        "notify.alertmanager.url, http://me:s3cret@host, NOTIFY_ALERTMANAGER_URL must not hold",
        "notify.telegram.token, s3cret/../x, NOTIFY_TELEGRAM_TOKEN",
        "notify.telegram.token, s3cret, NOTIFY_TELEGRAM_CHAT",
        "notify.print.enabled, s3cret, NOTIFY_PRINT must be"
    })
    void a_wrong_value_is_refused_and_not_repeated(String property, String value, String problem) {
        assertThatThrownBy(() -> environment(Map.of(property, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("s3cret");
    }

    private static StandardEnvironment environment(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "app.roles", "api,worker,alerts",
                "notify.print.enabled", "true",
                "notify.telegram.api", "https://api.telegram.org",
                "notify.email.port", "0",
                "notify.email.tls", "starttls"));
        all.putAll(settings);
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("given", all));
        new NotifyPostProcessor().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }
}
