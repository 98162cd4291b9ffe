package logaggregator.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import logaggregator.support.FailedStart;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongSettingsIT {

    @ParameterizedTest
    @CsvSource({
        "DATABASE_URL, mysql://user:s3cret@host/db, must begin with postgresql://",
        "REDIS_URL, http://user:s3cret@host, is not a URL of the form redis://",
        "INGEST_BATCH_SIZE, many-s3cret, INGEST_BATCH_SIZE",
        "DATABASE_POOL_SIZE, many-s3cret, DATABASE_POOL_SIZE",
        "REDIS_TIMEOUT_MS, 0, must be greater than or equal to 50",
        "MAX_RECORDS, 0, must be greater than or equal to 1",
        "APP_ROLES, wroker, APP_ROLES may hold",
        "NOTIFY_WEBHOOK_URL, ftp://host/s3cret, must be a URL with http:// or https://",
        "NOTIFY_SLACK_URL, https://host/s3cret path, is not a URL",
        "NOTIFY_PRINT, s3cret, must be true or false",
        "NOTIFY_EMAIL_TO, s3cret@example.org, NOTIFY_EMAIL_HOST is missing",
        "ALERT_DELIVERY_TIMEOUT, 22, must be more than 10 s longer than NOTIFY_TIMEOUT_MS",
        "NOTIFY_TIMEOUT_MS, 5, must be greater than or equal to 1000",
        "INGEST_MAX_DELIVERIES, 0, must be greater than or equal to 3",
        "BIND_ADDRESS, [s3cret], must be an address of this machine",
        "BIND_ADDRESS, 203.0.113.1, is not an address of this machine",
        "MANAGEMENT_PORT, 80010, must be from 1 to 65535"
    })
    void a_wrong_setting_stops_the_start_with_a_sentence_that_names_it(String name, String value, String problem) {
        Map<String, String> settings = new HashMap<>(
                Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/db", "REDIS_URL", "redis://127.0.0.1:1"));
        settings.put(name, value);

        FailedStart start = FailedStart.with(settings);

        assertThat(start.status()).isEqualTo(1);
        assertThat(start.output())
                .contains(name)
                .contains(problem)
                .doesNotContain("s3cret")
                .doesNotContain("\tat ");
    }
}
