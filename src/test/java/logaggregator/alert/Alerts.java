package logaggregator.alert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;

/** Processes that evaluate each second, with rules of a test's own and one channel, which prints. */
final class Alerts {

    private final Path directory;
    private final Map<String, String> settings;
    private final Database database;

    Alerts(Path directory, String databaseUrl, Database database) {
        this.directory = directory;
        this.database = database;
        this.settings = Map.of(
                "DATABASE_URL", databaseUrl,
                "ALERT_RULES", rulesFile().toString(),
                "ALERT_CHECK_INTERVAL", "1",
                "ALERT_DELIVERY_TIMEOUT", "16",
                "NOTIFY_TIMEOUT_MS", "5000",
                "PUBLIC_URL", "https://logs.example.com",
                "INGEST_BLOCK_MS", "200");
    }

    Path rulesFile() {
        return directory.resolve("alerts.yaml");
    }

    void rules(String yaml) {
        try {
            Path next = directory.resolve("alerts.next");
            Files.writeString(next, yaml);
            Files.move(next, rulesFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a process without waiting for it. */
    AppProcess launch(String name, String redisUrl) {
        return launch(name, Map.of("REDIS_URL", redisUrl));
    }

    /** The same with settings of its own. */
    AppProcess launch(String name, Map<String, String> own) {
        try {
            Map<String, String> all = new HashMap<>(settings);
            all.putAll(own);
            return AppProcess.launched(Files.createDirectories(directory.resolve(name)), all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void log(Api api, String service, String level, int records) {
        log(api, "alerts", service, level, records);
    }

    static void log(Api api, String app, String service, String level, int records) {
        String body = IntStream.range(0, records)
                .mapToObj(n -> "{\"level\":\"" + level + "\",\"message\":\"m" + n + "\",\"service\":\"" + service
                        + "\",\"app\":\"" + app + "\"}")
                .collect(Collectors.joining("\n"));
        if (api.ingest(body).status() != 200) {
            throw new IllegalStateException("not accepted");
        }
    }

    /** How often channels were told, by the history. */
    long told(String rule, String state) {
        return database.number("SELECT count(*) FROM alert_history WHERE delivered AND rule = '" + rule
                + "' AND state = '" + state + "'");
    }

    /** How often the channel printed it, in all processes. */
    long printed(String rule, String state) {
        String line = "[ALERT] " + (state.equals("resolved") ? "resolved: " : "") + rule + ": ";
        try (Stream<Path> logs = Files.walk(directory)) {
            return logs.filter(file -> file.endsWith("app.log"))
                    .flatMap(Alerts::lines)
                    .filter(printed -> printed.startsWith(line))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process has printed. */
    List<String> lines(AppProcess process) {
        return lines(process.log()).toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For what must not happen meanwhile. */
    static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long rest = end - System.nanoTime(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }
}
