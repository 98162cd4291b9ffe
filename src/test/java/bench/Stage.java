package bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;

/** PostgreSQL and Redis, which all scenarios share, and the processes of the service, which each starts for itself. */
final class Stage implements AutoCloseable {

    private final Path directory = Servers.newDirectory("bench");
    private final PostgresProcess postgres = new PostgresProcess(directory);
    private final RedisProcess redis = new RedisProcess(directory.resolve("redis"));
    private final Database database = new Database(postgres);
    private final List<AppProcess> services = new ArrayList<>();

    /** @param roles as in APP_ROLES */
    AppProcess start(String roles) {
        return start(roles, Map.of(), "-Xmx512m");
    }

    /** @param options of {@code java}, beside the collector */
    AppProcess start(String roles, String... options) {
        return start(roles, Map.of(), options);
    }

    /** The same with settings of its own. */
    AppProcess start(String roles, Map<String, String> own, String... options) {
        Map<String, String> settings =
                new HashMap<>(Map.of("APP_ROLES", roles, "INGEST_CONSUMER", "bench-" + services.size()));
        settings.putAll(servers());
        settings.putAll(own);
        List<String> arguments = new ArrayList<>(List.of("-XX:+UseParallelGC"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-jar", System.getProperty("app.jar")));
        AppProcess service = AppProcess.withOptions(arguments, directory, settings);
        services.add(service);
        return service;
    }

    /** Where they are, as the service takes it from its environment. */
    Map<String, String> servers() {
        return Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url());
    }

    PostgresProcess postgres() {
        return postgres;
    }

    RedisProcess redis() {
        return redis;
    }

    Database database() {
        return database;
    }

    /** Ends all processes of the service, and forgets all logs. */
    void clear() {
        services.forEach(AppProcess::close);
        services.clear();
        database.execute(
                "TRUNCATE logs, receipts, counts, count_deltas, interval_counts, day_counts, recent_counts, last_stored");
        database.execute("VACUUM ANALYZE");
    }

    /** How many logs of the workload are committed, by the numbers that are stored with them. */
    long stored() {
        return database.number("SELECT coalesce(sum(n), 0) FROM (SELECT app_id, n FROM interval_counts"
                + " UNION ALL SELECT app_id, n FROM count_deltas) AS c JOIN apps ON apps.id = app_id WHERE name = '"
                + Workload.APP + "'");
    }

    void awaitStored(long logs) {
        Eventually.holds(() -> stored() >= logs);
    }

    /** Looks whether exactly as many are stored, in the table too. */
    void expectStored(long logs) {
        long rows = database.logs(Workload.APP);
        if (rows != logs || stored() != logs) {
            throw new IllegalStateException(rows + " rows, " + stored() + " counted, " + logs + " accepted");
        }
    }

    /** Keeps workers from storing until it is closed: each has some batches in its hands then, and waits. */
    AutoCloseable holdWorkers() throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl());
        connection.setAutoCommit(false);
        connection.createStatement().execute("LOCK TABLE count_deltas IN EXCLUSIVE MODE");
        return () -> {
            connection.commit();
            connection.close();
        };
    }

    Meter meter() {
        return new Meter(services.stream().map(AppProcess::pid).toList(), postgres.pid(), redis.pid());
    }

    @Override
    public void close() {
        services.forEach(AppProcess::close);
        redis.close();
        postgres.close();
    }
}
