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

    @Test
    void the_write_ahead_log_has_no_room() throws Exception {
        try (PostgresProcess postgres = new PostgresProcess(disk.directory())) {
            Database database = new Database(postgres);
            database.execute("ALTER SYSTEM SET max_wal_size = '64MB'");
            database.execute("SELECT pg_reload_conf()");

            fillUnderLoad(postgres, () -> Eventually.holds(() -> hasEndedItself(postgres)));
        }
    }

    /** It does so when it can't go on with the next segment, nor with those that the recovery needs. */
    private static boolean hasEndedItself(PostgresProcess postgres) {
        try {
            new Database(postgres).execute("SELECT pg_logical_emit_message(false, 'some', 'thing'), pg_switch_wal()");
        } catch (IllegalStateException e) {
            // it is about to, or has
        }
        return !postgres.isRunning();
    }

    private void fillUnderLoad(PostgresProcess postgres, Runnable worse) throws Exception {
        Database database = new Database(postgres);
        try (InProcessApp service = new InProcessApp(postgres, redis, STREAM);
                InProcessApp withoutRedis = new InProcessApp(postgres, NO_REDIS, STREAM, "app.roles=api");
                BothPaths load = new BothPaths(service, withoutRedis, "full")) {
            load.awaitProgress(database);
            disk.fill();
            worse.run();
            load.awaitRefused();
            Eventually.holds(() ->
                    service.api().get("/health").body().at("/down_since/store").isTextual());
            load.awaitAccepted();
            disk.free();
            if (!postgres.isRunning()) {
                postgres.start();
            }
            load.awaitProgress(database);

            load.assertStoredOnce(database);
            Eventually.holds(() ->
                    service.api().get("/health").body().get("status").asText().equals("ok"));
            long deadLetters = RedisConsole.ask(redis, console -> console.xlen(STREAM + ":dlq"));
            assertThat(deadLetters).isZero();
        }
    }
}
