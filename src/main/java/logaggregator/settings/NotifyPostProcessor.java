package logaggregator.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Decides which built-in channels of alerts are on ({@code notify.….enabled}, for the preconditions of their routes): those
 * whose settings are given, where alerts are sent or tried out. Works out what follows from these settings.
 */
public class NotifyPostProcessor implements EnvironmentPostProcessor, Ordered {

    /** Routes use them as they are; what comes from a file ends with a line break. */
    private static final List<String> STRIPPED = List.of(
            "notify.webhook.url",
            "notify.slack.url",
            "notify.telegram.chat",
            "notify.email.to",
            "notify.email.from",
            "notify.email.host",
            "notify.email.port",
            "notify.email.user",
            "notify.email.password");

    private static final Map<String, Integer> PORTS = Map.of("none", 25, "starttls", 587, "tls", 465);

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE; // after application.yaml was read
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment.getPropertySources().addFirst(new MapPropertySource("notify", new Settings(environment).derived()));
    }

    private record Settings(ConfigurableEnvironment environment) {

        Map<String, Object> derived() {
            Map<String, Object> derived = new HashMap<>();
            STRIPPED.stream().filter(environment::containsProperty).forEach(name -> derived.put(name, text(name)));
            boolean runs = !RolesPostProcessor.normalize(text("app.roles")).equals("worker");
            derived.put("notify.print.enabled", runs && flag("notify.print.enabled"));
            derived.put("notify.webhook.enabled", runs && url("notify.webhook.url") != null);
            derived.put("notify.slack.enabled", runs && url("notify.slack.url") != null);
            @Nullable String alertmanager = url("notify.alertmanager.url");
            derived.put("notify.alertmanager.enabled", runs && alertmanager != null);
            if (alertmanager != null) {
                derived.put("notify.alertmanager.alerts", withoutSlash(alertmanager) + "/api/v2/alerts");
            }
            derived.put("notify.telegram.enabled", runs && telegram(derived));
            derived.put("notify.email.enabled", runs && email(derived));
            return derived;
        }

        private boolean telegram(Map<String, Object> derived) {
            String token = text("notify.telegram.token");
            if (token.isEmpty()) {
                return false;
            }
            if (!token.matches("[0-9A-Za-z:_-]+")) {
                throw new InvalidSettingException("NOTIFY_TELEGRAM_TOKEN", "is not the token of a bot");
            }
            if (text("notify.telegram.chat").isEmpty()) {
                throw new InvalidSettingException("NOTIFY_TELEGRAM_CHAT", "is missing: the id or @name of a chat");
            }
            @Nullable String api = url("notify.telegram.api");
            if (api == null) {
                throw new InvalidSettingException("NOTIFY_TELEGRAM_API", "must not be empty");
            }
            derived.put("notify.telegram.send", withoutSlash(api) + "/bot" + token + "/sendMessage");
            return true;
        }

        private boolean email(Map<String, Object> derived) {
            String to = text("notify.email.to");
            if (to.isEmpty()) {
                return false;
            }
            if (text("notify.email.host").isEmpty()) {
                throw new InvalidSettingException(
                        "NOTIFY_EMAIL_HOST", "is missing: the mail server for NOTIFY_EMAIL_TO");
            }
            String tls = text("notify.email.tls").toLowerCase(Locale.ROOT);
            @Nullable Integer port = PORTS.get(tls);
            if (port == null) {
                throw new InvalidSettingException("NOTIFY_EMAIL_TLS", "must be starttls, tls or none");
            }
            if (text("notify.email.user").isEmpty()
                    != text("notify.email.password").isEmpty()) {
                throw new InvalidSettingException(
                        "NOTIFY_EMAIL_PASSWORD", "and NOTIFY_EMAIL_USER must be given together or not at all");
            }
            derived.put("notify.email.scheme", tls.equals("tls") ? "smtps" : "smtp");
            derived.put("notify.email.starttls", tls.equals("starttls"));
            if (text("notify.email.port").equals("0")) {
                derived.put("notify.email.port", port);
            } else if (!text("notify.email.port").matches("[0-9]{1,5}")) {
                throw new InvalidSettingException("NOTIFY_EMAIL_PORT", "must be a port");
            }
            if (text("notify.email.from").isEmpty()) {
                derived.put(
                        "notify.email.from",
                        List.of(to.split("[,;]", -1)).get(0).strip());
            }
            if (!text("notify.email.user").isEmpty()) {
                derived.put("notify.email.login", "#emailLogin");
            }
            return true;
        }

        private boolean flag(String property) {
            String value = text(property).toLowerCase(Locale.ROOT);
            if (!value.equals("true") && !value.equals("false")) {
                throw new InvalidSettingException(variable(property.replace(".enabled", "")), "must be true or false");
            }
            return value.equals("true");
        }

        private @Nullable String url(String property) {
            String value = text(property);
            if (value.isEmpty()) {
                return null;
            }
            try {
                URI uri = new URI(value);
                boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
                if (!http || uri.getHost() == null) {
                    throw new InvalidSettingException(variable(property), "must be a URL with http:// or https://");
                }
                if (uri.getUserInfo() != null) {
                    throw new InvalidSettingException(variable(property), "must not hold a user or password");
                }
                return value;
            } catch (URISyntaxException e) {
                // its message would repeat the value
                throw new InvalidSettingException(variable(property), "is not a URL");
            }
        }

        private String text(String property) {
            return environment.getProperty(property, "").strip();
        }

        private static String withoutSlash(String url) {
            return url.replaceFirst("/+$", "");
        }

        private static String variable(String property) {
            return property.toUpperCase(Locale.ROOT).replace('.', '_');
        }
    }
}
