package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import logaggregator.support.Api;
import logaggregator.support.AppProcess;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.FailedStart;
import logaggregator.support.Ports;
import logaggregator.support.Records;
import logaggregator.support.RedisConsole;
import logaggregator.support.RedisProcess;
import logaggregator.support.Servers;
import org.junit.jupiter.api.Test;

/** What a process says of itself, to probes and in its log, from its start to its end; and before it. */
class ProcessLifeIT {

    private static final Map<String, String> SERVERS = Map.of(
            "DATABASE_URL",
            Database.create(Servers.postgres(), "process_life"),
            "REDIS_URL",
            Servers.redis().url(),
            "INGEST_STREAM",
            "process-life");

    @Test
    void asked_to_end_it_is_not_ready_but_answers_for_a_while() throws Exception {
        try (AppProcess app = new AppProcess(Servers.newDirectory("draining"), with("SHUTDOWN_DELAY", "4"))) {
            Api api = app.api();
            Api operators = app.management();

            app.signal("TERM");
            Eventually.holds(() -> api.get("/readyz").status() == 503);

            assertThat(operators.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(api.get("/livez").status()).isEqualTo(200);
            assertThat(api.ingest(Records.json("draining", 1)).status()).isEqualTo(200);
            Eventually.holds(() -> !app.isAlive());
        }
    }

    @Test
    void a_start_that_is_as_it_should_be_tells_where_everything_is_and_warns_of_nothing() throws Exception {
        try (RedisProcess limited = new RedisProcess(Servers.newDirectory("limited"))) {
            RedisConsole.ask(limited, redis -> redis.configSet("maxmemory", "1gb"));
            try (AppProcess app = new AppProcess(Servers.newDirectory("quiet"), with("REDIS_URL", limited.url()))) {
                // it was asked whether it is ready since before it was
                assertThat(Files.readAllLines(app.log()))
                        .anyMatch(line -> line.contains("Listening  http://127.0.0.1:" + app.port()))
                        .anyMatch(line -> line.contains("Operators  http://127.0.0.1:" + app.managementPort()))
                        .allMatch(line -> line.contains(" INFO "));
            }
        }
    }

    @Test
    void without_the_database_it_is_ready_and_alive() {
        Map<String, String> settings = with("DATABASE_URL", "postgresql://nobody@127.0.0.1:" + Ports.free() + "/none");
        try (AppProcess app = new AppProcess(Servers.newDirectory("no-database"), settings)) {
            Eventually.holds(() ->
                    app.api().get("/health").body().path("status").asText().equals("degraded"));

            assertThat(app.api().get("/readyz").status()).isEqualTo(200);
            assertThat(app.api().get("/livez").status()).isEqualTo(200);
            assertThat(app.api().ingest(Records.json("no-database", 1)).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void the_log_is_json_where_that_is_asked_for() throws Exception {
        AppProcess app = new AppProcess(
                Servers.newDirectory("json-log"), with("LOG_FORMAT", "ecs", "LOGGING_LEVEL_LOGAGGREGATOR", "debug"));
        try (app) {
            app.api().send("GET", "/api/v1/logs/987654321", null, "X-Request-Id", "in-the-log");
        }

        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(app.log())) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line.has("@timestamp"))
                .isTrue());
        assertThat(lines)
                .anySatisfy(line -> assertThat(line.path("request_id").asText()).isEqualTo("in-the-log"));
    }

    @Test
    void a_doctor_finds_nothing_where_all_is_well() {
        FailedStart doctor = FailedStart.with(SERVERS, "doctor");

        assertThat(doctor.output())
                .contains(
                        "good      settings",
                        "good      access",
                        "good      database",
                        "good      redis",
                        "good      disk",
                        "good      routes")
                .contains("It can be started.")
                .doesNotContain("\tat ");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void a_doctor_says_what_to_mend() {
        try (RedisProcess evicting = new RedisProcess(Servers.newDirectory("evicting"))) {
            RedisConsole.ask(evicting, redis -> redis.configSet("maxmemory-policy", "allkeys-lru"));
            Map<String, String> settings = with(
                    "REDIS_URL",
                    evicting.url(),
                    "DATABASE_URL",
                    "postgresql://nobody:s3cret@127.0.0.1:" + Ports.free() + "/none",
                    "MAX_RECORDS",
                    "0",
                    "SHUTDOWN_DELAY",
                    "90",
                    "BIND_ADDRESS",
                    "[nonsense]",
                    "MANAGEMENT_PORT",
                    "nonsense");
            FailedStart doctor = FailedStart.with(settings, "doctor");

            assertThat(doctor.status()).isEqualTo(1);
            assertThat(doctor.output())
                    .contains(
                            "BAD       settings",
                            "MAX_RECORDS",
                            "SHUTDOWN_DELAY",
                            "BIND_ADDRESS must be an address of this machine",
                            "MANAGEMENT_PORT must be a number",
                            "BAD       database",
                            "check DATABASE_URL")
                    .contains("BAD       redis", "set maxmemory-policy noeviction")
                    .doesNotContain("s3cret", "\tat ");
        }
    }

    private static Map<String, String> with(String... settings) {
        Map<String, String> all = new HashMap<>(SERVERS);
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return all;
    }
}
