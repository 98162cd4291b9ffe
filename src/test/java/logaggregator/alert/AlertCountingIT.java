package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.UnavailableException;
import logaggregator.search.SearchParser;
import logaggregator.store.RecentLogs;
import logaggregator.store.RecentLogs.Source;
import logaggregator.store.RecentLogs.SourceField;
import logaggregator.store.RecentLogs.Sources;
import logaggregator.store.StoreMaintenance;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was stored counts when it was stored, in each interval, however many rules there are. */
class AlertCountingIT {

    private static final Source SOURCE = new Source("shop", "ERROR", "checkout");
    private static final Sources ALL = new Sources(EnumSet.allOf(SourceField.class), Map.of());

    private static PostgresProcess postgres;
    private static InProcessApp app;
    private static Database database;

    @BeforeAll
    static void start() throws IOException {
        Path directory = Servers.newDirectory("alert-counting");
        postgres = new PostgresProcess(directory);
        Path rules = Files.writeString(
                directory.resolve("alerts.yaml"),
                IntStream.range(0, 200)
                        .mapToObj(n -> "service-%d: {threshold: 1, interval_sec: %d}\n"
                                .formatted(n % 250, new int[] {10, 60, 300, 3_600, 86_400}[n % 5]))
                        .collect(Collectors.joining()));
        app = new InProcessApp(
                postgres, Servers.redis(), "alert-counting:stream", "app.roles=api", "alert.rules=" + rules);
        database = new Database(postgres);
        database.execute("INSERT INTO apps (name) VALUES ('shop'), ('other')");
    }

    @AfterAll
    static void stop() {
        app.close();
        postgres.close();
    }

    @BeforeEach
    void empty() {
        database.execute("TRUNCATE count_folds, count_deltas, recent_counts, last_stored, alerts, counts, day_counts");
        fold();
    }

    private static void fold() {
        app.bean(StoreMaintenance.class).foldCounts();
    }

    private static void thin() {
        app.bean(StoreMaintenance.class).thinRecentCounts();
    }

    /** In the column of the numbers: what was stored so many seconds ago. */
    private static String stored(int secondsAgo, long n) {
        return "INSERT INTO count_deltas (start, app_id, level, service, n, stored_at)"
                + " VALUES (now(), 1, 'ERROR', 'checkout', " + n + ", clock_timestamp() - interval '" + secondsAgo
                + " seconds')";
    }

    private static Map<Integer, Map<Source, Long>> counts(Integer... windows) {
        return app.bean(RecentLogs.class).counts(new TreeSet<>(Set.of(windows)), ALL);
    }

    private static List<RecentLogs.Gap> gaps() {
        return app.bean(RecentLogs.class).read(Duration.ofSeconds(5)).gaps();
    }

    @Test
    void a_log_is_in_each_interval_that_reaches_back_to_when_it_was_stored() {
        database.execute("TRUNCATE count_folds");
        for (int ago : new int[] {2, 30, 200, 3_000, 80_000}) {
            database.execute(stored(ago, 1));
        }
        fold();

        for (int thinned = 0; thinned < 2; thinned++) {
            Map<Integer, Map<Source, Long>> counts = counts(10, 60, 300, 3_600, 86_400);
            assertThat(counts.get(10)).containsExactly(Map.entry(SOURCE, 1L));
            assertThat(counts.get(60)).containsExactly(Map.entry(SOURCE, 2L));
            assertThat(counts.get(300)).containsExactly(Map.entry(SOURCE, 3L));
            assertThat(counts.get(3_600)).containsExactly(Map.entry(SOURCE, 4L));
            assertThat(counts.get(86_400)).containsExactly(Map.entry(SOURCE, 5L));
            thin();
        }
        assertThat(database.column("SELECT seconds FROM recent_counts ORDER BY stored_by"))
                .containsExactly("600", "60", "10", "1", "1");
    }

    @Test
    void what_somebody_keeps_from_being_counted_is_waited_for_or_known_to_be_missing() throws Exception {
        try (Connection other = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock('count_deltas'::regclass::bigint)");
            database.execute(stored(0, 7));
            assertThatThrownBy(AlertCountingIT::fold).isInstanceOf(UnavailableException.class);

            CompletableFuture<Void> waiting = CompletableFuture.runAsync(AlertCountingIT::fold);
            Eventually.passes(() -> assertThat(database.number("SELECT count(*) FROM pg_locks WHERE NOT granted"))
                    .isEqualTo(1));
            statement.execute("INSERT INTO count_folds SELECT clock_timestamp(), 0, '0'");
            other.commit();
            waiting.join();
        }
        assertThat(counts(60).get(60)).containsExactly(Map.entry(SOURCE, 7L));
        assertThat(database.number("SELECT count(*) FROM count_folds WHERE pause < '0'"))
                .isZero();
    }

    @Test
    void what_is_committed_late_counts_when_it_is_seen() throws SQLException {
        try (Connection writer = DriverManager.getConnection(database.jdbcUrl());
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(stored(0, 7));
            Alerts.pause(3_000);
            fold();
            assertThat(counts(2).get(2)).isEmpty();
            writer.commit();
        }
        fold();

        assertThat(counts(2).get(2)).containsExactly(Map.entry(SOURCE, 7L));
    }

    @Test
    void after_a_pause_numbers_keep_their_time() {
        database.execute("TRUNCATE count_folds");
        database.execute("INSERT INTO count_folds VALUES (now() - interval '10 minutes', 0)");
        database.execute(stored(300, 5));
        fold();

        assertThat(counts(60).get(60)).isEmpty();
        assertThat(counts(600).get(600)).containsExactly(Map.entry(SOURCE, 5L));
    }

    @Test
    void what_was_stored_while_nobody_evaluated_counts_in_each_stretch_as_long_as_the_interval() {
        database.execute("TRUNCATE count_folds");
        database.execute("INSERT INTO count_folds VALUES (now() - interval '20 minutes', 0)");
        for (int ago : new int[] {600, 570, 400, 370, 360, 100}) {
            database.execute(stored(ago, 1));
        }
        fold();
        AlertRule rule = rule("checkout: {threshold: 3, interval_sec: 60}");

        assertThat(measure(rule, 5).counts()).isEmpty();
        assertThat(measure(rule, 5).peaks()).isEmpty();
        assertThat(measure(rule, 900).counts()).isEmpty();
        assertThat(measure(rule, 900).peaks()).containsExactly(Map.entry("", 3L));
        // evaluated in the middle of it
        assertThat(measure(rule, 380).peaks()).containsExactly(Map.entry("", 3L));
    }

    @Test
    void a_pause_that_is_shorter_than_the_interval_hides_no_stretch_that_was_full_meanwhile() {
        database.execute("TRUNCATE count_folds");
        database.execute("INSERT INTO count_folds VALUES (now() - interval '20 minutes', 0)");
        for (int ago : new int[] {350, 320, 190, 180}) {
            database.execute(stored(ago, 1));
        }
        fold();
        AlertRule rule = rule("checkout: {threshold: 4, interval_sec: 300}");

        assertThat(measure(rule, 5).peaks()).isEmpty();
        // 170 seconds ago, say, all four were in the interval, of which only two were there before
        assertThat(measure(rule, 200).peaks()).containsExactly(Map.entry("", 4L));
        assertThat(measure(rule, 200).counts()).containsExactly(Map.entry("", 2L));
        assertThat(measure(rule, 35).peaks()).containsExactly(Map.entry("", 3L));
    }

    @Test
    void a_search_counts_what_is_in_its_interval_whoever_evaluated_before() {
        fold();
        for (int logs : new int[] {3, 2}) {
            database.execute("UPDATE count_folds SET folded_at = folded_at - interval '100 seconds'");
            storeNeedles(0, logs);
            fold();
        }
        AlertRule rule =
                rule("rules: [{name: r, match: {q: needle}, threshold: 3, interval_sec: 60, group_by: service}]");

        for (int evaluatedAgo : new int[] {5, 110, 3_600}) {
            assertThat(measure(rule, evaluatedAgo).counts()).containsExactly(Map.entry("s", 2L));
            assertThat(measure(rule, evaluatedAgo).peaks()).isEmpty();
        }
    }

    /** Far more ids are given than there are logs: of batches that failed, or of those who store logs one by one. */
    private static void storeNeedles(int secondsAgo, int logs) {
        database.execute("SELECT nextval(pg_get_serial_sequence('logs', 'id')) FROM generate_series(1, 100)");
        database.execute("INSERT INTO logs (app_id, app, level, service, message, timestamp, received_at)"
                + " SELECT 1, 'shop', 'INFO', 's', 'needle ' || n, now(), now() FROM generate_series(1, " + logs
                + ") AS n");
        database.execute(stored(secondsAgo, logs));
    }

    @Test
    void a_search_counts_what_is_in_its_interval_also_when_that_begins_in_a_time_without_folds() {
        database.execute("UPDATE count_folds SET folded_at = folded_at - interval '1 hour'");
        storeNeedles(1_500, 4);
        storeNeedles(600, 3);
        storeNeedles(20, 2);
        fold();
        database.execute("UPDATE count_folds SET folded_at = folded_at - interval '5 seconds'");
        storeNeedles(0, 1);
        fold();

        for (int thinned = 0; thinned < 2; thinned++) {
            for (int[] expected : new int[][] {{60, 3}, {900, 6}, {1_800, 10}, {7_200, 10}}) {
                AlertRule rule = rule("rules: [{name: r, match: {q: needle}, threshold: 3, interval_sec: %d}]"
                        .formatted(expected[0]));
                assertThat(measure(rule, 5).counts())
                        .as("in %d seconds", expected[0])
                        .containsExactly(Map.entry("", (long) expected[1]));
            }
            thin();
        }
    }

    @Test
    void what_was_stored_since_the_last_fold_takes_no_older_logs_place_in_an_interval() {
        database.execute("UPDATE count_folds SET folded_at = folded_at - interval '1 hour'");
        storeNeedles(600, 3);
        storeNeedles(20, 2);
        fold();
        storeNeedles(0, 5);

        AlertRule rule = rule("rules: [{name: r, match: {q: needle}, threshold: 3, interval_sec: 60}]");
        assertThat(measure(rule, 5).counts()).containsExactly(Map.entry("", 7L));
    }

    @Test
    void a_time_without_folds_is_a_gap_however_long_it_was() {
        database.execute("UPDATE count_folds SET folded_at = folded_at - interval '40 hours'");
        thin();
        storeNeedles(3_600, 3);
        fold();
        thin();

        assertThat(gaps()).singleElement().satisfies(gap -> assertThat(gap.length())
                .isGreaterThan(Duration.ofHours(39)));
        AlertRule rule = rule("rules: [{name: r, match: {q: needle}, threshold: 3, interval_sec: 86400}]");
        assertThat(measure(rule, 5).counts()).containsExactly(Map.entry("", 3L));
    }

    @Test
    void a_time_without_folds_is_a_gap() {
        assertThat(gaps()).isEmpty();
        database.execute("UPDATE count_folds SET folded_at = folded_at - interval '100 seconds'");
        fold();

        assertThat(gaps()).singleElement().satisfies(gap -> assertThat(gap.length())
                .isBetween(Duration.ofSeconds(99), Duration.ofSeconds(160)));
    }

    @Test
    void when_the_clock_is_set_back_what_was_stored_keeps_its_age() {
        database.execute("TRUNCATE count_folds");
        database.execute("INSERT INTO count_folds VALUES (now() - interval '10 minutes', 0)");
        database.execute(stored(300, 5));
        fold();
        database.execute(
                "INSERT INTO alerts SELECT 'r', '', 'warning', '{}', 1, now(), now(), true, now(), now(), now(), now()");
        database.execute("UPDATE alert_evaluation SET evaluated_at = now()");
        for (String time : List.of(
                "count_folds.folded_at",
                "recent_counts.stored_by",
                "last_stored.stored_at",
                "counted_since.time",
                "alert_evaluation.evaluated_at",
                "alerts.started_at",
                "alerts.ended_at",
                "alerts.fired_at",
                "alerts.missing_since",
                "alerts.owed_until",
                "alerts.noted_at")) {
            String[] column = time.split("\\.");
            database.execute("UPDATE %1$s SET %2$s = %2$s + interval '1 hour'".formatted(column[0], column[1]));
        }
        database.execute(stored(0, 7));
        fold();

        Map<Integer, Map<Source, Long>> counts = counts(60, 600);
        assertThat(counts.get(60)).containsExactly(Map.entry(SOURCE, 7L));
        assertThat(counts.get(600)).containsExactly(Map.entry(SOURCE, 12L));
        assertThat(database.number("SELECT count(*) FROM count_folds WHERE folded_at > now() OR pause < '0'"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM alerts, alert_evaluation"
                        + " WHERE greatest(started_at, ended_at, fired_at, missing_since, owed_until, noted_at, evaluated_at)"
                        + " BETWEEN now() - interval '1 minute' AND now()"))
                .isEqualTo(1);
    }

    @Test
    void what_was_found_last_holds_whichever_note_comes_first() {
        database.execute("INSERT INTO alerts (rule, grouped, severity, channels, count, started_at)"
                + " VALUES ('r', '', 'warning', '{}', 1, now())");
        AlertBook book = app.bean(AlertBook.class);
        Instant now = book.now();

        book.note(told(now.minusSeconds(10), false));
        book.note(told(now.minusSeconds(15), true));
        assertThat(isTold()).isFalse();
        book.note(told(now.minusSeconds(5), true));
        book.note(told(now.minusSeconds(7), false));
        assertThat(isTold()).isTrue();
        book.note(told(now.minusSeconds(5), true));
        assertThat(isTold()).isTrue();
        // before the clock was set back
        database.execute("UPDATE alerts SET noted_at = now() + interval '1 hour'");
        book.note(told(now.minusSeconds(2), false));
        assertThat(isTold()).isFalse();
    }

    private static boolean isTold() {
        return app.bean(AlertBook.class).states().get(0).told();
    }

    private static AlertEvent told(Instant at, boolean firing) {
        return Events.of("r", 60, at, firing ? null : at, at);
    }

    @Test
    void hundreds_of_thousands_of_services_hide_nothing_from_rules_that_dont_ask_for_each() {
        database.execute("INSERT INTO recent_counts SELECT now(), 1, 1, 'INFO', 'request-' || n, 1"
                + " FROM generate_series(1, 200000) AS n");
        database.execute("INSERT INTO last_stored SELECT 1, 'INFO', 'request-' || n, now() - interval '1 hour'"
                + " FROM generate_series(1, 200000) AS n");
        database.execute(stored(0, 7));
        database.execute("UPDATE alert_evaluation SET evaluated_at = now()");
        fold();
        AlertCounting counting = app.bean(AlertCounting.class);

        Map<String, Measured.Measure> measures = counting.read(rules("""
                        ERROR: {threshold: 5, interval_sec: 60}
                        checkout: {threshold: 5, interval_sec: 60}
                        rules:
                          - {name: by-app, threshold: 5, interval_sec: 60, group_by: app}
                          - {name: silent, absent_for: 60, match: {service: request-1}}
                          - {name: by-service, threshold: 5, interval_sec: 60, group_by: service}
                          - {name: silent-by-service, absent_for: 60, group_by: service}
                        """)).measures().stream()
                .collect(Collectors.toMap(measure -> measure.rule().name(), measure -> measure));

        assertThat(measures.get("ERROR").counts()).containsExactly(Map.entry("", 7L));
        assertThat(measures.get("checkout").counts()).containsExactly(Map.entry("", 7L));
        assertThat(measures.get("by-app").counts()).containsExactly(Map.entry("shop", 200_007L));
        assertThat(measures.get("silent").lastStored()).hasSize(1);
        assertThat(measures.get("by-service").known()).isFalse();
        assertThat(measures.get("silent-by-service").known()).isFalse();
        assertThat(counting.fault()).contains("too much to count").contains("silent-by-service");
    }

    @Test
    void what_was_counted_before_another_process_evaluated_is_left() {
        database.execute(stored(0, 3));
        fold();
        RuleSet rules = rules("checkout: {threshold: 3, interval_sec: 60}");
        AlertCounting counting = app.bean(AlertCounting.class);
        AlertEvaluation evaluation = app.bean(AlertEvaluation.class);
        Measured heldUp = counting.read(rules);
        Measured other = counting.read(rules);

        assertThat(evaluation.evaluate(other)).hasSize(1);
        database.execute("DELETE FROM alerts");
        assertThat(evaluation.evaluate(heldUp)).isEmpty();
        assertThat(database.number("SELECT count(*) FROM alerts")).isZero();
        assertThat(app.bean(AlertBook.class).lastEvaluation()).isEqualTo(other.at());
        assertThat(evaluation.evaluate(counting.read(rules))).hasSize(1);
    }

    private static RuleSet rules(String yaml) {
        return new RuleSet(new RuleParser(new SearchParser(Clock.systemUTC()), 1).parse(yaml), "", Instant.now(), null);
    }

    private static AlertRule rule(String yaml) {
        return rules(yaml).rules().get(0);
    }

    /** What is counted for a rule when rules were evaluated so long ago. */
    private static Measured.Measure measure(AlertRule rule, int evaluatedAgo) {
        database.execute("UPDATE alert_evaluation SET evaluated_at = now() - interval '" + evaluatedAgo + " seconds'");
        return app.bean(AlertCounting.class)
                .read(new RuleSet(List.of(rule), "", Instant.now(), null))
                .measures()
                .get(0);
    }

    @Test
    void a_log_that_is_deleted_was_there() {
        database.execute(stored(0, 3));
        database.execute(stored(0, -3));
        fold();

        assertThat(counts(60).get(60)).containsExactly(Map.entry(SOURCE, 3L));
        assertThat(database.number("SELECT coalesce(sum(n), 0) FROM counts")).isZero();
    }

    @Test
    void two_hundred_rules_and_a_day_of_numbers_are_evaluated_at_once() {
        for (int[] part : new int[][] {{1, 0, 180}, {10, 180, 1_260}, {60, 1_260, 10_860}, {600, 10_860, 86_400}}) {
            database.execute(("INSERT INTO recent_counts SELECT now() - make_interval(secs => s), %1$d, 1, level,"
                            + " 'service-' || c, 100 FROM generate_series(%2$d, %3$d, %1$d) AS s,"
                            + " generate_series(0, 99) AS c, unnest('{INFO,ERROR}'::text[]) AS level")
                    .formatted(part[0], part[1], part[2]));
        }
        database.execute("ANALYZE recent_counts");
        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            fold();
            Measured measured = app.bean(AlertCounting.class)
                    .read(app.bean(AlertRules.class).current());
            int events = app.bean(AlertEvaluation.class).evaluate(measured).size();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
            assertThat(measured.measures()).hasSize(200);
            assertThat(events).isEqualTo(100);
        }
        System.out.println("200 rules took " + fastest.toMillis() + " ms");
        assertThat(fastest).isLessThan(Duration.ofSeconds(3));
    }
}
