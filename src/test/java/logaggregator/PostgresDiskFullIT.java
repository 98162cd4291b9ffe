package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import logaggregator.support.BothPaths;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import logaggregator.support.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The disk of PostgreSQL is really full: what comes in waits or is refused, and is stored once when there is room. */
class PostgresDiskFullIT {

    private static final String STREAM = "disk-full:stream";
    private static final String NO_REDIS = "redis://127.0.0.1:1";

    private final Path directory = Servers.newDirectory("disk-full");
    private SmallDisk disk;
    private RedisProcess redis;

    @BeforeEach
    void mount() {
        Optional<SmallDisk> mounted = SmallDisk.mount(directory.resolve("disk"), "600m");
        assumeTrue(mounted.isPresent(), "only root may mount a small disk");
        disk = mounted.get();
        redis = new RedisProcess(directory.resolve("redis"));
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            redis.close();
            disk.unmount();
        }
    }

    @Test
    void the_tables_have_no_room() throws Exception {
        try (PostgresProcess postgres = new PostgresProcess(directory)) {
            Database database = new Database(postgres);
            database.execute("CREATE TABLESPACE small LOCATION '" + disk.directory() + "'");
            database.execute("ALTER ROLE postgres SET default_tablespace = small");

            fillUnderLoad(postgres, () -> {});
        }
    }

    /** Then PostgreSQL ends itself, and starts when it can write its log again. */
    @Test
    void the_server_has_no_room_at_all() throws Exception {
        try (PostgresProcess postgres = new PostgresProcess(disk.directory())) {
            new Database(postgres).execute("ALTER SYSTEM SET max_wal_size = '64MB'");
            new Database(postgres).execute("SELECT pg_reload_conf()");

            fillUnderLoad(postgres, () -> {
                if (!postgres.isRunning()) {
                    postgres.start();
                }
            });
        }
    }

    private void fillUnderLoad(PostgresProcess postgres, Runnable recover) throws Exception {
        Database database = new Database(postgres);
        try (InProcessApp service = new InProcessApp(postgres, redis, STREAM);
                InProcessApp withoutRedis = new InProcessApp(postgres, NO_REDIS, STREAM, "app.roles=api");
                BothPaths load = new BothPaths(service, withoutRedis, "full")) {
            load.awaitProgress(database);
            disk.fill();
            load.awaitRefused();
            Eventually.holds(() ->
                    service.api().get("/health").body().at("/down_since/store").isTextual());
            load.awaitAccepted();
            disk.free();
            recover.run();
            load.awaitProgress(database);

            load.assertStoredOnce(database);
            Eventually.holds(() ->
                    service.api().get("/health").body().get("status").asText().equals("ok"));
            long deadLetters = RedisConsole.ask(redis, console -> console.xlen(STREAM + ":dlq"));
            assertThat(deadLetters).isZero();
        }
    }
}
