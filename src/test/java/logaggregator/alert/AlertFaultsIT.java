package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import logaggregator.support.AppProcess;
import logaggregator.support.Breakpoint;
import logaggregator.support.Breakpoint.Where;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import logaggregator.support.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Whatever breaks, an alert fires: once more than needed at most for each process, never again and again. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertFaultsIT {

    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static TcpProxy network;
    private static Alerts alerts;
    private static AppProcess one;
    private static AppProcess other;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("alert-faults");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        network = new TcpProxy(redis.port());
        alerts = new Alerts(directory, postgres.url(), new Database(postgres));
        alerts.rules("""
                away: {threshold: 10, interval_sec: 60}
                lost: {threshold: 10, interval_sec: 60}
                killed: {threshold: 10, interval_sec: 60}
                """);
        one = alerts.launch("one", "redis://127.0.0.1:" + network.port() + "/0");
        other = alerts.launch("other", "redis://127.0.0.1:" + network.port() + "/0");
        Eventually.holds(() -> one.isReady() && other.isReady());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        network.close();
        redis.close();
        postgres.close();
    }

    @Test
    @Order(1)
    void when_redis_ends_between_evaluation_and_delivery_it_fires() {
        Breakpoint claimed = network.breakAt(Where.AFTER, "alert:fired:lost");
        Alerts.log(one.api(), "lost", "INFO", 10);
        claimed.await();
        redis.kill();
        claimed.cut();

        assertFiresAndIsNoStorm("lost");
        redis.start();
        Alerts.pause(4_000);
        assertThat(alerts.printed("lost", "firing")).isBetween(1L, 2L);
    }

    @Test
    @Order(2)
    void while_redis_is_away_it_fires() {
        redis.kill();
        Alerts.log(one.api(), "away", "INFO", 10);

        assertFiresAndIsNoStorm("away");
        redis.start();
    }

    @Test
    @Order(3)
    void when_the_process_ends_between_evaluation_and_delivery_it_fires() {
        other.terminate();
        // for a moment after an outage Redis isn't asked
        Breakpoint evaluated = network.breakAt(Where.BEFORE, "alert:evaluating");
        evaluated.await();
        evaluated.release();
        Breakpoint claimed = network.breakAt(Where.REPLY, "alert:fired:killed");
        Alerts.log(one.api(), "killed", "INFO", 10);
        claimed.await();
        one.kill();
        claimed.cut();
        assertThat(alerts.printed("killed", "firing")).isZero();

        one.start();
        Eventually.holds(() -> alerts.told("killed", "firing") == 1);
        Alerts.pause(3_000);
        assertThat(alerts.printed("killed", "firing")).isEqualTo(1);
    }

    private static void assertFiresAndIsNoStorm(String rule) {
        Eventually.holds(() -> alerts.told(rule, "firing") >= 1);
        Alerts.pause(6_000);
        assertThat(alerts.told(rule, "firing")).isBetween(1L, 2L);
        assertThat(alerts.printed(rule, "firing")).isBetween(1L, 2L);
    }
}
