package logaggregator.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import logaggregator.support.AppProcess;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.PostgresProcess;
import logaggregator.support.PrometheusProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.SmallDisk;

/**
 * An API, a worker and all that they need, each with a process of its own, and a Prometheus that looks at them.
 *
 * @param receiver of a channel of alerts
 * @param channels folder of the operator's own
 * @param disk of the worker, if this machine allows for one that can be filled
 */
record Installation(
        PostgresProcess postgres,
        RedisProcess redis,
        AppProcess api,
        AppProcess worker,
        PrometheusProcess prometheus,
        HttpReceiver receiver,
        Path channels,
        Optional<SmallDisk> disk)
        implements AutoCloseable {

    private static final Path RULES = Path.of("deploy/prometheus/rules/log-aggregator.rules.yml");

    /** So that the queue is full after a minute. */
    private static final String MAX_LAG = "40000";

    static Installation in(Path directory) throws IOException {
        Path channels = Files.createDirectory(directory.resolve("routes"));
        Path alertRules =
                Files.writeString(directory.resolve("alerts.yaml"), "ERROR: {threshold: 5, interval_sec: 10}\n");
        Optional<SmallDisk> disk = SmallDisk.mount(directory.resolve("disk"), "64m");
        PostgresProcess postgres = new PostgresProcess(directory);
        RedisProcess redis = new RedisProcess(directory.resolve("redis"));
        HttpReceiver receiver = new HttpReceiver();
        Map<String, String> settings = Map.of(
                "DATABASE_URL", postgres.url(),
                "REDIS_URL", redis.url(),
                "INGEST_MAX_LAG", MAX_LAG,
                "INGEST_CLAIM_IDLE_MS", "5000",
                "ALERT_RULES", alertRules.toString(),
                "ROUTES_DIR", channels.toString(),
                "NOTIFY_WEBHOOK_URL", receiver.url("/alerts"));
        AppProcess api = launched("api", directory.resolve("api"), settings);
        AppProcess worker =
                launched("worker,alerts", disk.map(SmallDisk::directory).orElse(directory.resolve("worker")), settings);
        List.of(api, worker).forEach(process -> Eventually.holds(process::isReady));
        PrometheusProcess prometheus =
                new PrometheusProcess(directory, RULES, List.of(api.managementPort(), worker.managementPort()));
        Eventually.holds(() -> prometheus.knows("count(logaggregator_build_info) == 2")
                && prometheus.firing().isEmpty());
        return new Installation(postgres, redis, api, worker, prometheus, receiver, channels, disk);
    }

    private static AppProcess launched(String roles, Path directory, Map<String, String> settings) throws IOException {
        // whose disk is measured
        Files.createDirectories(directory.resolve("data"));
        Map<String, String> all = new HashMap<>(settings);
        all.put("APP_ROLES", roles);
        return AppProcess.launched(directory, all);
    }

    @Override
    public void close() {
        prometheus.close();
        worker.kill();
        api.kill();
        receiver.close();
        redis.close();
        postgres.close();
        disk.ifPresent(SmallDisk::unmount);
    }
}
