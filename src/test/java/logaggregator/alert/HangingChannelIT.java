package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.HttpReceiver;
import logaggregator.support.PostgresProcess;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A webhook that accepts and never answers, beside a channel that prints, in two processes that take turns. */
class HangingChannelIT {

    private static final HttpReceiver receiver = new HttpReceiver();
    private static final List<AppProcess> processes = new ArrayList<>();
    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static Alerts alerts;

    @BeforeAll
    static void start() {
        Path directory = Servers.newDirectory("hanging-channel");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory.resolve("redis"));
        alerts = new Alerts(directory, postgres.url(), new Database(postgres));
        alerts.rules("brief: {threshold: 10, interval_sec: 2}");
        Map<String, String> settings = Map.of(
                "REDIS_URL", redis.url(),
                "NOTIFY_WEBHOOK_URL", receiver.url("/alerts"),
                "NOTIFY_TIMEOUT_MS", "40000",
                "NOTIFY_TRY_TIMEOUT_MS", "12000",
                "ALERT_DELIVERY_TIMEOUT", "60");
        processes.add(alerts.launch("one", settings));
        processes.add(alerts.launch("two", settings));
        processes.forEach(process -> Eventually.holds(process::isReady));
    }

    @AfterAll
    static void stop() {
        processes.forEach(AppProcess::close);
        redis.close();
        postgres.close();
        receiver.close();
    }

    @Test
    void it_delays_nothing_at_the_others_and_hears_in_the_end_how_it_is_now() {
        receiver.fallSilent();
        Alerts.log(processes.get(0).api(), "brief", "INFO", 10);
        Eventually.holds(() -> alerts.printed("brief", "firing") == 1);
        // while the webhook still has its first request, of three that it gets
        Eventually.holds(() -> alerts.printed("brief", "resolved") == 1);
        assertThat(states()).containsOnly("firing");
        Alerts.log(processes.get(1).api(), "brief", "INFO", 10);
        Eventually.holds(() -> alerts.printed("brief", "firing") == 2);
        Eventually.holds(() -> alerts.printed("brief", "resolved") == 2);
        assertThat(states()).containsOnly("firing");

        receiver.speakAgain();
        Eventually.holds(() -> notices() == 4);
        // what it was busy with, and the newest of what there was to tell meanwhile
        assertThat(delivered()).isEqualTo(2);
        assertThat(states().stream().distinct()).containsExactly("firing", "resolved");
        assertThat(states()).containsOnlyOnce("resolved");
        assertThat(alerts.printed("brief", "firing")).isEqualTo(2);
        assertThat(alerts.printed("brief", "resolved")).isEqualTo(2);
    }

    /** What the webhook was told, in this order. */
    private static List<String> states() {
        return receiver.requests("/alerts").stream()
                .map(request -> request.body().contains("\"state\":\"firing\"") ? "firing" : "resolved")
                .toList();
    }

    private static long notices() {
        return history().count();
    }

    /** How many notices both channels took, by the history. */
    private static long delivered() {
        return history()
                .filter(notice -> notice.get("results").size() == 2
                        && StreamSupport.stream(notice.get("results").spliterator(), false)
                                .allMatch(result -> result.get("delivered").asBoolean()))
                .count();
    }

    private static Stream<JsonNode> history() {
        JsonNode history = processes.get(0).api().get("/api/v1/alerts/").body().get("recent");
        return StreamSupport.stream(history.spliterator(), false);
    }
}
