package logaggregator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "/api/v1/ingest, INGEST",
        "/api/v1/ingest/, INGEST",
        "/api/v1/logs, LOGS",
        "/api/v1/logs/, LOGS",
        "/api/v1/logs/17/context, LOGS",
        "/api/v1/logs/tail, TAIL",
        "/api/v1/logs/export, EXPORT",
        "/api/v1/stats/histogram, STATS",
        "/api/v1/alerts/rules, ALERTS",
        "/api/v1/receipts/1, LEDGER",
        "/api/v1/made-up, OTHER",
        "/api/v1/, OTHER",
        "/health, HEALTH",
        "/readyz, HEALTH",
        "/ui/logs/page.js, UI",
        "/openapi.json, DOCS",
        "/, OTHER",
        "/wp-login.php, OTHER"
    })
    void paths_are_few_endpoints(String path, Endpoint endpoint) {
        assertThat(Endpoint.of(path)).isEqualTo(endpoint);
    }
}
