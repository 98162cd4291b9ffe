package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** What comes from outside, and is told in our own log, is neither a line of it nor a command to a terminal. */
class OwnLogTest {

    private static String written(String message) throws IOException {
        String pattern = (String) new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .get(0)
                .getProperty("logging.pattern.console");
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(pattern.replace("%wEx", "%nopex"));
        layout.start();
        return layout.doLayout(
                new LoggingEvent("", context.getLogger("a.Door"), Level.WARN, message, null, new Object[0]));
    }

    @Test
    void a_text_from_outside_begins_no_line_and_commands_no_terminal() throws IOException {
        String line =
                written("key x\n2026-01-01 ERROR forged\r\u001b[2J\u001b]52;c;x\u0007\b\u0085\u009b1m\u202e\u2066end");

        assertThat(line).contains("key x\n    2026-01-01 ERROR forged··[2J").endsWith("end\n");
        assertThat(line.replace("\n", ""))
                .doesNotContainPattern("[\\p{Cntrl}\\u0080-\\u009F\\u202A-\\u202E\\u2066-\\u2069]");
    }
}
