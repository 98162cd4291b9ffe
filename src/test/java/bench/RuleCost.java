package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import logaggregator.alert.AlertCounting;
import logaggregator.alert.AlertEvaluation;
import logaggregator.alert.AlertRules;
import logaggregator.alert.RuleSet;
import logaggregator.store.StoreMaintenance;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;

/** How long an evaluation of 200 rules takes, over an archive of logs and while others come in. */
final class RuleCost {

    private static final long ROWS = Long.getLong("bench.rows", 10_000_000);
    private static final int RULES = 200;
    private static final int[] INTERVALS = {10, 60, 300, 3_600, 86_400};
    private static final int REQUESTS_PER_SECOND = 20;
    private static final int CONNECTIONS = 16;
    private static final int SECONDS = 30;

    /** What the service would have by now if it had stored the archive itself. */
    private static final String NUMBERS_OF_THE_LAST_DAY = """
            INSERT INTO recent_counts
            SELECT date_bin(make_interval(secs => length), timestamp, 'epoch') + make_interval(secs => length), length,
                   app_id, level, service, count(*)
            FROM (SELECT *, CASE WHEN age < 120 THEN 1 WHEN age < 1200 THEN 10 WHEN age < 10800 THEN 60 ELSE 600 END AS length
                  FROM (SELECT *, extract(epoch FROM now() - timestamp) AS age FROM logs
                        WHERE timestamp > now() - interval '1 day') AS l) AS l
            GROUP BY 1, 2, 3, 4, 5""";

    private final Stage stage;
    private final Requests requests;

    /** @param requests 500 records each */
    RuleCost(Stage stage, Requests requests) {
        this.stage = stage;
        this.requests = requests;
    }

    List<Series> measure(int rounds) throws Exception {
        Path rules = Files.writeString(Servers.newDirectory("bench-rules").resolve("alerts.yaml"), rules());
        int port = stage.start("api,worker").port();
        new Archive(stage.database().jdbcUrl(), ROWS, Instant.now().truncatedTo(ChronoUnit.SECONDS)).fill();
        stage.database().execute(NUMBERS_OF_THE_LAST_DAY);
        stage.database()
                .execute(
                        "INSERT INTO last_stored SELECT app_id, level, service, max(timestamp) FROM logs GROUP BY 1, 2, 3");
        stage.database().execute("VACUUM ANALYZE recent_counts, last_stored");
        Series middle = new Series("evaluation of 200 rules at 10,000 logs/s: p50", "ms");
        Series late = new Series("evaluation of 200 rules at 10,000 logs/s: p95", "ms");
        Series slowest = new Series("evaluation of 200 rules at 10,000 logs/s: slowest", "ms");
        try (InProcessApp app = new InProcessApp(
                stage.postgres(), stage.redis(), "bench:rules", "app.roles=api", "alert.rules=" + rules)) {
            for (int n = -1; n < rounds; n++) {
                List<Double> millis = together(app, new Load(port));
                if (n >= 0) {
                    middle.add(millis.get(millis.size() / 2));
                    late.add(millis.get(millis.size() * 95 / 100));
                    slowest.add(millis.get(millis.size() - 1));
                }
            }
        }
        return List.of(middle, late, slowest);
    }

    /** Thresholds for services, some for all of an application, a few by group, and some for what goes quiet. */
    private static String rules() {
        List<String> services = Archive.apps().stream()
                .flatMap(app -> Archive.services(app).stream())
                .toList();
        StringBuilder yaml = new StringBuilder("rules:\n");
        for (int n = 0; n < RULES; n++) {
            String interval = "interval_sec: " + INTERVALS[n % INTERVALS.length];
            String app = Archive.apps().get(n % Archive.apps().size());
            String what =
                    switch (n % 10) {
                        case 0 -> "absent_for: 1h, group_by: service, match: {app: " + app + "}";
                        case 1 ->
                            "threshold: 100000, group_by: service, match: {level: [ERROR, CRITICAL]}, " + interval;
                        case 2, 3 -> "threshold: 100000, match: {app: " + app + ", level: ERROR}, " + interval;
                        default ->
                            "threshold: 100000, match: {service: " + services.get(n % services.size()) + "}, "
                                    + interval;
                    };
            yaml.append("  - {name: rule-").append(n).append(", ").append(what).append("}\n");
        }
        return yaml.toString();
    }

    /** Evaluates once a second; returns how long each took, the fastest first. */
    private List<Double> together(InProcessApp app, Load load) throws Exception {
        ExecutorService sender = Executors.newSingleThreadExecutor();
        Future<?> sent = sender.submit(
                () -> load.openLoop(requests, CONNECTIONS, REQUESTS_PER_SECOND, REQUESTS_PER_SECOND * SECONDS));
        List<Double> millis = new ArrayList<>();
        while (!sent.isDone()) {
            long begin = System.nanoTime();
            app.bean(StoreMaintenance.class).foldCounts();
            RuleSet rules = app.bean(AlertRules.class).current();
            app.bean(AlertEvaluation.class)
                    .evaluate(app.bean(AlertCounting.class).read(rules));
            millis.add((System.nanoTime() - begin) / 1e6);
            if (rules.rules().size() != RULES) {
                throw new IllegalStateException(rules.error());
            }
            LockSupport.parkNanos(1_000_000_000L);
        }
        sent.get();
        sender.shutdown();
        return millis.stream().sorted().toList();
    }
}
