package logaggregator.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Has the log written for people, or as JSON in one of the forms that Spring Boot knows (LOG_FORMAT). */
public class LogFormatPostProcessor implements EnvironmentPostProcessor, Ordered {

    private static final String TEXT = "text";
    private static final List<String> STRUCTURED = List.of("ecs", "logstash", "gelf");

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE; // after application.yaml was read
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String format = environment.getProperty("log.format", TEXT).strip().toLowerCase(Locale.ROOT);
        if (STRUCTURED.contains(format)) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("log-format", Map.of("logging.structured.format.console", format)));
        } else if (!format.equals(TEXT) && !format.isEmpty()) {
            throw new InvalidSettingException("LOG_FORMAT", "must be text, ecs, logstash or gelf");
        }
    }
}
