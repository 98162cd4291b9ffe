package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import logaggregator.support.Api;
import logaggregator.support.Database;
import logaggregator.support.FailedStart;
import logaggregator.support.InProcessApp;
import logaggregator.support.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets in at the management port where it asks. */
class ManagementAccessIT {

    private static final String PASSWORD = "pass:word-of-operators";
    private static final String ADMIN = "an-admin-key-of-the-settings";
    private static final String READER = "a-read-key-of-the-settings";
    private static final String SHOP_READER = "a-key-that-reads-one-app";
    private static final String PRODUCER = "an-ingest-key-of-the-settings";

    private static InProcessApp app;
    private static Api operators;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Database.create(Servers.postgres(), "management_access"),
                Servers.redis().url(),
                "management-access:stream",
                "management.server.address=0.0.0.0",
                "operator.password=" + PASSWORD,
                "access.api-keys=" + ADMIN + "," + READER + ":read," + SHOP_READER + ":read:shop," + PRODUCER
                        + ":ingest");
        operators = app.management();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @CsvSource({
        "operator:" + PASSWORD + ", 200, 200",
        "anybody:" + ADMIN + ", 200, 200",
        "anybody:" + READER + ", 200, 401",
        "anybody:" + PASSWORD + ", 401, 401",
        "operator:wrong, 401, 401",
        "operator:, 401, 401"
    })
    void logins(String login, int metrics, int routes) {
        String header = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));

        assertThat(status("/actuator/prometheus", "Authorization", header)).isEqualTo(metrics);
        assertThat(status("/actuator/camelroutes", "Authorization", header)).isEqualTo(routes);
    }

    @ParameterizedTest
    @CsvSource({
        ADMIN + ", 200, 200",
        READER + ", 200, 401",
        SHOP_READER + ", 401, 401",
        PRODUCER + ", 401, 401",
        "no-such-key-at-all, 401, 401"
    })
    void keys(String key, int metrics, int routes) {
        assertThat(status("/actuator/prometheus", "X-API-Key", key)).isEqualTo(metrics);
        assertThat(status("/actuator/prometheus", "Authorization", "Bearer " + key))
                .isEqualTo(metrics);
        assertThat(status("/actuator/jolokia/version", "X-API-Key", key)).isEqualTo(routes);
    }

    @Test
    void nobody_else_gets_in_but_probes() {
        assertThat(operators.get("/actuator/hawtio/index.html").status()).isEqualTo(401);
        assertThat(operators.get("/actuator/prometheus").header("WWW-Authenticate"))
                .startsWith("Basic realm=");
        assertThat(operators.get("/actuator/env").status()).isEqualTo(401);
        assertThat(operators.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(operators.get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @Test
    void open_to_others_it_wants_a_password_or_a_key() {
        FailedStart start = FailedStart.with(Map.of(
                "MANAGEMENT_ADDRESS",
                "0.0.0.0",
                "DATABASE_URL",
                Database.create(Servers.postgres(), "management_closed"),
                "REDIS_URL",
                Servers.redis().url()));

        assertThat(start.status()).isEqualTo(1);
        assertThat(start.output())
                .contains("MANAGEMENT_ADDRESS", "MANAGEMENT_PASSWORD", "API key")
                .doesNotContain("\tat ");
    }

    private static int status(String path, String header, String value) {
        return operators.send("GET", path, null, header, value).status();
    }
}
