package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.RedisProcess;
import logaggregator.support.Sender;
import logaggregator.support.Servers;
import logaggregator.support.SmallDisk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk of Redis is really full: what comes in goes to the database, and what Redis had is there when it has room. */
class RedisDiskFullIT {

    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec"})
    void the_append_only_file_has_no_room(String appendFsync) throws Exception {
        Path directory = Servers.newDirectory("redis-disk-full");
        Optional<SmallDisk> disk = SmallDisk.mount(directory.resolve("disk"), "200m");
        assumeTrue(disk.isPresent(), "only root may mount a small disk");
        String app = "redis disk full " + appendFsync;
        Database database = new Database(Servers.postgres());
        try (RedisProcess redis = new RedisProcess(disk.get().directory());
                InProcessApp service = new InProcessApp(Servers.postgres(), redis, "redis-disk-full:" + appendFsync)) {
            redis.kill();
            redis.start("--appendfsync", appendFsync);
            try (Sender sender = new Sender(service.api(), app, false)) {
                Eventually.holds(() -> sender.lastBackend().equals("redis"));
                disk.get().fill();
                Eventually.holds(() -> sender.lastBackend().equals("db"));
                int before = sender.records();
                Eventually.holds(() -> sender.records() > before + 5_000);
                disk.get().free();
                if (!redis.isAlive()) {
                    redis.start("--appendfsync", appendFsync);
                }
                Eventually.holds(() -> sender.lastBackend().equals("redis"));
                sender.close();

                assertThat(sender.answers()).allMatch(answer -> answer.status() == 200);
                database.awaitAll(app, sender.records());
                assertThat(database.logs(app)).isEqualTo(sender.records());
            }
        } finally {
            disk.get().unmount();
        }
    }
}
