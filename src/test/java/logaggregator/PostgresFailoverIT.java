package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Consumer;
import logaggregator.support.BothPaths;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * DATABASE_URL names a primary and its synchronous standby, and the standby takes over: what was accepted is stored once,
 * by the worker and by the way around the queue.
 */
class PostgresFailoverIT {

    private static final String STREAM = "failover:stream";
    private static final String NO_REDIS = "redis://127.0.0.1:1";

    private static PostgresProcess primary;
    private static PostgresProcess standby;
    private static RedisProcess redis;
    private static InProcessApp service;
    private static InProcessApp withoutRedis;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("failover");
        primary = new PostgresProcess(directory.resolve("one"));
        standby = new PostgresProcess(directory.resolve("other"));
        redis = new RedisProcess(directory.resolve("redis"));
        String url = "postgresql://postgres@127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port() + "/postgres";
        service = new InProcessApp(url, redis.url(), STREAM, "database.pool-size=6");
        withoutRedis = new InProcessApp(url, NO_REDIS, STREAM, "database.pool-size=6");
    }

    @AfterAll
    static void stop() {
        withoutRedis.close();
        service.close();
        redis.close();
        standby.close();
        primary.close();
    }

    @BeforeEach
    void replicate() {
        primary.stop("fast");
        standby.stop("fast");
        standby.copy(primary);
        primary.start("synchronous_standby_names=*");
        standby.start();
        Eventually.holds(
                () -> new Database(primary).number("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                        == 1);
    }

    /** Each test ends with the standby as the only primary. */
    @AfterEach
    void exchangeRoles() {
        PostgresProcess former = primary;
        primary = standby;
        standby = former;
    }

    @Test
    void the_primary_is_killed_and_comes_back_as_a_standby() {
        underLoad("killed", load -> {
            primary.kill();
            standby.promote();
            load.awaitProgress(new Database(standby));
            primary.follow(standby);
            primary.start();
            assertThat(new Database(primary).column("SHOW transaction_read_only"))
                    .containsExactly("on");
            endConnections(standby);
            load.awaitProgress(new Database(standby));
        });
    }

    @Test
    void the_primary_freezes() {
        underLoad("frozen", load -> {
            primary.signal("STOP");
            standby.promote();
            load.awaitProgress(new Database(standby));
            primary.kill();
            primary.start();
        });
    }

    @Test
    void the_primary_goes_on_but_takes_no_writes_any_more() {
        underLoad("read-only", load -> {
            Database old = new Database(primary);
            old.execute("ALTER SYSTEM SET default_transaction_read_only = on");
            old.execute("SELECT pg_reload_conf()");
            Eventually.holds(
                    () -> old.number("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL") == 0);
            standby.promote();
            load.awaitProgress(new Database(standby));
        });
    }

    private static void underLoad(String app, Consumer<BothPaths> failover) {
        try (BothPaths load = new BothPaths(service, withoutRedis, app)) {
            load.awaitProgress(new Database(primary));
            failover.accept(load);

            load.assertStoredOnce(new Database(standby));
            long deadLetters = RedisConsole.ask(redis, console -> console.xlen(STREAM + ":dlq"));
            assertThat(deadLetters).isZero();
        }
    }

    private static void endConnections(PostgresProcess server) {
        new Database(server)
                .execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'log-aggregator'");
    }
}
