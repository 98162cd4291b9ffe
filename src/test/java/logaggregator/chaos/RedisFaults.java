package logaggregator.chaos;

import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import logaggregator.support.RedisProcess;

/** What befalls Redis itself. */
final class RedisFaults {

    private static final String PART = "redis";
    private static final int PAUSE_MS = 2_500;

    private RedisFaults() {}

    static List<Fault> of(Cluster cluster) {
        RedisProcess redis = cluster.redis();
        return List.of(
                new Fault("Redis killed", PART, 100, 4_000, redis::kill, redis::start),
                new Fault("Redis frozen", PART, 300, 5_000, () -> redis.signal("STOP"), () -> redis.signal("CONT")),
                new Fault(
                        "Redis paused",
                        PART,
                        PAUSE_MS,
                        PAUSE_MS,
                        () -> cluster.redis(commands -> commands.clientPause(PAUSE_MS)),
                        Fault.NOTHING),
                new Fault(
                        "Redis full",
                        PART,
                        500,
                        6_000,
                        () -> cluster.redis(commands -> commands.configSet("maxmemory", "1")),
                        () -> cluster.redis(commands -> commands.configSet("maxmemory", "0"))),
                new Fault(
                        "Redis read-only",
                        PART,
                        500,
                        6_000,
                        () -> cluster.redis(commands -> commands.replicaof("127.0.0.1", 1)),
                        () -> cluster.redis(RedisCommands::replicaofNoOne)));
    }
}
