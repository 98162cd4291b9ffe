package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import logaggregator.UnavailableException;
import logaggregator.search.SearchParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a process that evaluates nothing itself, where rules are to be evaluated every five seconds. */
class EvaluationWatchTest {

    private final AtomicLong nanos = new AtomicLong();
    private final FakeAlertBook book = new FakeAlertBook();

    @TempDir
    private Path directory;

    private Path rulesFile;
    private EvaluationTurn turn;
    private EvaluationWatch watch;

    @BeforeEach
    void start() throws IOException {
        rulesFile = directory.resolve("alerts.yaml");
        Files.writeString(rulesFile, "ERROR: {threshold: 1, interval_sec: 60}");
        book.evaluated(Instant.parse("2026-01-31T12:00:00.123Z"));
        turn = new EvaluationTurn(new LocalKeys(nanos::get), book, settings(5), nanos::get);
        watch = watch(5);
    }

    private AlertSettings settings(int interval) {
        return new AlertSettings(rulesFile.toString(), interval, 60, 30, "alert:", "");
    }

    private EvaluationWatch watch(int interval) {
        AlertRules rules = new AlertRules(
                settings(interval),
                new SearchParser(Clock.systemUTC()),
                Clock.systemUTC(),
                nanos::get,
                Path.of("conf/alerts.yaml"));
        return new EvaluationWatch(turn, rules, book, settings(interval), nanos::get);
    }

    /** What is said in the end, by who looks every two seconds. */
    private String faultAfter(int seconds) {
        for (int second = 0; second < seconds; second += 2) {
            watch.look();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        }
        watch.look();
        return watch.fault();
    }

    @Test
    void that_no_process_evaluates_is_said_after_a_minute_and_until_one_does() {
        assertThat(faultAfter(60)).isNull();
        assertThat(faultAfter(2)).contains("since 2026-01-31T12:00:00Z", "role alerts");

        book.evaluated(Instant.parse("2026-01-31T13:00:00Z"));
        assertThat(faultAfter(6)).isNull();
        assertThat(faultAfter(50)).isNull();
        assertThat(faultAfter(10)).contains("since 2026-01-31T13:00:00Z");
    }

    @Test
    void where_rules_are_seldom_evaluated_it_is_said_after_five_intervals() {
        watch = watch(60);

        assertThat(faultAfter(300)).isNull();
        assertThat(faultAfter(2)).isNotNull();
    }

    @Test
    void nothing_is_wrong_where_there_are_no_rules() throws IOException {
        Files.writeString(rulesFile, "[]");

        assertThat(faultAfter(120)).isNull();
    }

    @Test
    void an_outage_of_the_database_does_not_count() {
        assertThat(faultAfter(30)).isNull();
        book.away = true;
        assertThat(faultAfter(300)).isNull();
        book.away = false;
        assertThat(faultAfter(20)).isNull();
        assertThat(faultAfter(20)).isNotNull();
    }

    @Test
    void what_this_process_failed_at_is_said_first() {
        turn.take();
        turn.fail(new UnavailableException("no answer", null));

        assertThat(watch.fault()).contains("the database doesn't answer");
    }
}
