package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import logaggregator.search.SearchParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class AlertRecipientsTest {

    @TempDir
    private Path directory;

    private Set<String> inUse = Set.of("print");

    private final class Channels implements AlertChannels {

        @Override
        public List<ChannelStatus> channels(Collection<String> wanted) {
            return List.of();
        }

        @Override
        public Set<String> inUse() {
            return inUse;
        }

        @Override
        public ChannelResult test(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private AlertRecipients of(String rules) throws IOException {
        Path file = Files.writeString(directory.resolve("alerts.yaml"), rules);
        return new AlertRecipients(
                new AlertRules(
                        new AlertSettings(file.toString(), 5, 60, 30, "alert:", ""),
                        new SearchParser(Clock.systemUTC()),
                        Clock.systemUTC()),
                new Channels());
    }

    @Test
    void a_channel_that_is_not_on_is_named_once_in_the_log_with_all_rules_that_want_it(CapturedOutput output)
            throws IOException {
        AlertRecipients recipients = of("""
                a: {threshold: 1, interval_sec: 60, channels: [pager, print]}
                b: {threshold: 1, interval_sec: 60, channels: pager}
                c: {threshold: 1, interval_sec: 60}
                """);

        for (int look = 0; look < 3; look++) {
            assertThat(recipients.fault()).isEqualTo("channel pager is not on, but named by a, b");
        }
        assertThat(output.getAll()).containsOnlyOnce("channel pager is not on, but named by a, b");
        inUse = Set.of("print", "pager");
        assertThat(recipients.fault()).isNull();
    }

    @Test
    void without_any_channel_nobody_is_told() throws IOException {
        AlertRecipients recipients = of("a: {threshold: 1, interval_sec: 60}");
        assertThat(recipients.fault()).isNull();

        inUse = Set.of();
        assertThat(recipients.fault()).isEqualTo("no channel is on: nobody is told of alerts");
        // that isn't known before the operator's files were looked at
        inUse = null;
        assertThat(recipients.fault()).isNull();
    }

    @Test
    void where_there_are_no_rules_nobody_is_missed() throws IOException {
        inUse = Set.of();
        assertThat(of("[]").fault()).isNull();
    }
}
