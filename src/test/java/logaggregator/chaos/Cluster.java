package logaggregator.chaos;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FakeClock;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.SmallDisk;
import logaggregator.support.TcpProxy;

/**
 * PostgreSQL, Redis and four processes of the service: one accepts, two store, one does both. Each process reaches each
 * server through a proxy of its own.
 */
final class Cluster implements AutoCloseable {

    static final String DATABASE = "chaos";
    static final String ROLE = "service";
    static final String STREAM = "logs:stream";
    static final String GROUP = "ingest-group";
    static final int CLAIM_IDLE_MS = 3_000;

    private static final Map<String, String> ROLES =
            Map.of("api", "api", "worker-1", "worker", "worker-2", "worker", "all", "api,worker,alerts");

    private final PostgresProcess postgres;
    private final RedisProcess redis;
    private final RedisClient redisClient;
    private final Database database;
    private final Optional<SmallDisk> disk;
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    /** A process of the service and its ways to the servers. */
    record Node(String name, AppProcess app, Optional<FakeClock> clock, TcpProxy toRedis, TcpProxy toPostgres) {

        boolean accepts() {
            return ROLES.get(name).contains("api");
        }

        boolean stores() {
            return ROLES.get(name).contains("worker");
        }
    }

    Cluster(Path directory) {
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        redisClient = RedisClient.create(redis.url());
        // or it would send a command again whose answer was lost
        redisClient.setOptions(ClientOptions.builder().autoReconnect(false).build());
        redisClient.setDefaultTimeout(Duration.ofSeconds(10));
        Database server = new Database(postgres);
        server.execute("CREATE ROLE " + ROLE + " LOGIN");
        server.execute("CREATE DATABASE " + DATABASE + " OWNER " + ROLE);
        database = new Database(postgres, DATABASE);
        disk = SmallDisk.mount(directory.resolve("disk"), "3g");
        disk.ifPresent(small -> {
            server.execute("CREATE TABLESPACE small LOCATION '" + small.directory() + "'");
            server.execute("GRANT CREATE ON TABLESPACE small TO " + ROLE);
            server.execute("ALTER ROLE " + ROLE + " SET default_tablespace = small");
        });
        for (String name : List.of("api", "all", "worker-1", "worker-2")) {
            nodes.put(name, start(name, directory.resolve(name)));
        }
        nodes.values().forEach(node -> Eventually.holds(node.app()::isReady));
        Eventually.holds(() -> database.number("SELECT count(*) FROM pg_tables WHERE tablename = 'logs'") == 1);
    }

    private Node start(String name, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TcpProxy toRedis = new TcpProxy(redis.port());
        TcpProxy toPostgres = new TcpProxy(postgres.port());
        Optional<FakeClock> clock = FakeClock.isPossible() ? Optional.of(new FakeClock(directory)) : Optional.empty();
        Map<String, String> settings =
                new HashMap<>(clock.map(FakeClock::settings).orElse(Map.of()));
        settings.putAll(Map.of(
                "APP_ROLES",
                ROLES.get(name),
                "REDIS_URL",
                "redis://127.0.0.1:" + toRedis.port() + "/0",
                "DATABASE_URL",
                "postgresql://" + ROLE + "@127.0.0.1:" + toPostgres.port() + "/" + DATABASE + "?prepareThreshold=0",
                "DATABASE_POOL_SIZE",
                "8",
                "INGEST_CONSUMER",
                name,
                "INGEST_BLOCK_MS",
                "500",
                "DLQ_MAX_LENGTH",
                "500",
                "INGEST_CLAIM_IDLE_MS",
                Integer.toString(CLAIM_IDLE_MS)));
        return new Node(name, AppProcess.launched(directory, settings), clock, toRedis, toPostgres);
    }

    List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    PostgresProcess postgres() {
        return postgres;
    }

    RedisProcess redis() {
        return redis;
    }

    /** Straight, as superuser. */
    Database database() {
        return database;
    }

    /** A disk that can be filled, if this machine allows for one. */
    Optional<SmallDisk> disk() {
        return disk;
    }

    /** Asks Redis, straight. */
    <T> T redis(Function<RedisCommands<String, String>, T> question) {
        try (StatefulRedisConnection<String, String> connection = redisClient.connect()) {
            return question.apply(connection.sync());
        }
    }

    /** True when nothing is on its way any more. */
    boolean isQuiet() {
        return redis(commands -> commands.xlen(STREAM)) == 0
                && redis(commands -> commands.xpending(STREAM, GROUP)).getCount() == 0
                && database.number("SELECT count(*) FROM dead_letters WHERE waiting") == 0
                && database.number("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + ROLE
                                + "' AND state <> 'idle'")
                        == 0;
    }

    @Override
    public void close() {
        for (Node node : nodes.values()) {
            node.toRedis().heal();
            node.toPostgres().heal();
            node.app().signal("CONT");
            node.app().kill();
            node.toRedis().close();
            node.toPostgres().close();
        }
        redisClient.shutdownAsync(); // may never end (https://github.com/redis/lettuce/issues/2278)
        redis.close();
        postgres.close();
        disk.ifPresent(SmallDisk::unmount);
    }
}
