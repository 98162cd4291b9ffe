package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.search.SearchParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertRulesTest {

    private static final String ONE = "one: {threshold: 1, interval_sec: 60}\n";
    private static final String TWO = ONE + "two: {threshold: 2, interval_sec: 60}\n";

    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path directory;

    private Path file;
    private AlertRules rules;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("alerts.yaml");
        Files.writeString(file, ONE);
        rules = rules(Path.of("conf/alerts.yaml"));
        assertThat(inUse()).isEqualTo(1);
    }

    private AlertRules rules(Path defaultFile) {
        return new AlertRules(
                new AlertSettings(file.toString(), 5, 60, 30, "alert:", ""),
                new SearchParser(Clock.systemUTC()),
                Clock.systemUTC(),
                nanos::get,
                defaultFile);
    }

    private int inUse() {
        return rules.current().rules().size();
    }

    private void pass(int millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void a_file_counts_when_it_has_not_changed_for_a_second_however_often_it_is_looked_at() throws IOException {
        Files.writeString(file, TWO);
        for (int i = 0; i < 9; i++) {
            assertThat(inUse()).isEqualTo(1);
            pass(100);
        }
        pass(100);
        assertThat(inUse()).isEqualTo(2);
    }

    @Test
    void a_file_that_is_being_written_is_neither_used_nor_wrong() throws IOException {
        for (int length = 0; length <= TWO.length(); length++) {
            Files.writeString(file, TWO.substring(0, length));
            assertThat(inUse()).isEqualTo(1);
            pass(900);
            assertThat(rules.fault()).isNull();
        }
        pass(1_000);
        assertThat(inUse()).isEqualTo(2);
    }

    @Test
    void a_file_that_vanishes_changes_nothing_and_is_used_again_when_it_is_back() throws IOException {
        Files.delete(file);
        assertThat(inUse()).isEqualTo(1);
        assertThat(rules.fault()).contains("there is no such file");

        Files.writeString(file, TWO);
        assertThat(inUse()).isEqualTo(1);
        pass(1_000);
        assertThat(inUse()).isEqualTo(2);
        assertThat(rules.fault()).isNull();
    }

    @Test
    void a_broken_file_that_nobody_asked_for_is_forgotten_when_it_is_deleted() throws IOException {
        Files.writeString(file, "broken");
        rules = rules(file);
        assertThat(rules.current().source()).isEqualTo("built-in");
        assertThat(rules.fault()).contains("line 1");

        Files.delete(file);
        assertThat(rules.fault()).isNull();
        assertThat(rules.current().source()).isEqualTo("built-in");

        Files.writeString(file, TWO);
        pass(1_000);
        rules.current();
        pass(1_000);
        assertThat(inUse()).isEqualTo(2);
    }

    @Test
    void a_file_that_was_in_use_is_missed_whatever_its_name() throws IOException {
        rules = rules(file);
        assertThat(inUse()).isEqualTo(1);

        Files.delete(file);
        assertThat(rules.fault()).contains("there is no such file");
        assertThat(inUse()).isEqualTo(1);
    }
}
