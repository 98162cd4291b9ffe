package logaggregator.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What comes from outside, and is told in our own log, is neither a line of it nor a command to a terminal. */
class OwnLogTest {

    private static final String NASTY =
            "key x\n2026-01-01 ERROR forged\r\u001b[2J\u001b]52;c;x\u0007\b\u0085\u009b1m\u2028\u202e\u2066end";

    private static final String COMMANDS = "[\\p{Cntrl}\\u0080-\\u009F\\u2028-\\u202E\\u2066-\\u2069&&[^\\n\\t]]";

    /** A warning as the service prints it. */
    private static String printed(String message, Throwable failure) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(OwnLogTest.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--logging.config=classpath:logaggregator/ops/as-shipped.xml",
                        "--logging.charset.console=UTF-8")) {
            assertThat(service.isRunning()).isTrue();
            LoggerFactory.getLogger("logaggregator.Door").warn(message, failure);
        } finally {
            System.setOut(before);
        }
        return printed.toString(UTF_8);
    }

    @Test
    void a_text_from_outside_begins_no_line_and_commands_no_terminal() {
        String log = printed(NASTY, null);

        assertThat(log).contains("key x\n    2026-01-01 ERROR forged··[2J").endsWith("end\n");
        assertThat(log).doesNotContainPattern(COMMANDS);
    }

    @Test
    void nor_does_it_as_the_text_of_an_exception() {
        String log =
                printed("refused", new IllegalStateException(NASTY, new IOException("of a server:\u001b[1m\nforged")));

        assertThat(log)
                .contains("refused\n    java.lang.IllegalStateException: key x\n    2026-01-01 ERROR forged··[2J")
                .contains("\n    Caused by: java.io.IOException: of a server:·[1m\n    forged\n")
                .contains("\n    \tat " + OwnLogTest.class.getName());
        assertThat(log).doesNotContainPattern(COMMANDS);
        assertThat(log.lines().filter(line -> !line.startsWith("    "))).hasSize(1);
    }
}
