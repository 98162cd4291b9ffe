package logaggregator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import logaggregator.support.Api;
import logaggregator.support.Api.Answer;
import logaggregator.support.Database;
import logaggregator.support.Eventually;
import logaggregator.support.InProcessApp;
import logaggregator.support.RawConnection;
import logaggregator.support.Records;
import logaggregator.support.Servers;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see and can do at the management port of a service that was started without settings for it. */
class ManagementPortIT {

    private static final String WITHOUT_SERVICE = "{\"app\":\"metrics\",\"level\":\"INFO\",\"message\":\"m\"}";

    private static InProcessApp app;
    private static Api operators;

    @BeforeAll
    static void start() {
        app = new InProcessApp(
                Database.create(Servers.postgres(), "management"),
                Servers.redis().url(),
                "management:stream",
                "notify.webhook.url=http://127.0.0.1:9/s3cret-address",
                "ingest.block-ms=100");
        operators = app.management();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void each_step_of_a_record_is_counted() {
        double accepted = metric("logaggregator_logs_accepted_total{backend=\"redis\"}");
        double stored = metric("logaggregator_app_logs_total{app=\"metrics\"}");

        Answer answer = app.api().ingest(Records.ndjson("metrics", 0, 3) + "\n" + WITHOUT_SERVICE);

        assertThat(answer.body().get("enqueued").asInt()).isEqualTo(3);
        assertThat(metric("logaggregator_logs_accepted_total{backend=\"redis\"}") - accepted)
                .isEqualTo(3);
        assertThat(metric("logaggregator_logs_rejected_total{reason=\"missing_field\"}"))
                .isPositive();
        Eventually.holds(() -> metric("logaggregator_app_logs_total{app=\"metrics\"}") - stored == 3);
        assertThat(metric("logaggregator_batch_logs_count")).isPositive();
        assertThat(metric("logaggregator_requests_seconds_count{endpoint=\"ingest\",status=\"200\"}"))
                .isPositive();
        assertThat(metric("logaggregator_producer_ahead_seconds_count"))
                .as("clocks that are right count as well")
                .isPositive();
        assertThat(metric("logaggregator_consumers")).isEqualTo(2);
        assertThat(metric("logaggregator_circuit_breaker_state{breaker=\"queue-breaker\",state=\"closed\"}"))
                .isEqualTo(1);
        Eventually.holds(() -> metric("logaggregator_queue_logs") == 0);
    }

    @Test
    void every_metric_is_documented_and_there() throws IOException {
        app.api().ingest(Records.ndjson("metrics", 0, 1));
        Eventually.holds(() -> metric("logaggregator_database_logs") >= 0);

        assertThat(documented()).isEqualTo(exposed());
    }

    private static Set<String> exposed() {
        return scrape().lines()
                .filter(line -> line.startsWith("# TYPE logaggregator_"))
                .map(line -> line.split(" ")[2])
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("`(logaggregator_[a-z_]+?)(?:\\{[a-z,]+})?`")
                .matcher(Files.readString(Path.of("docs/OPERATING.md"))
                        .lines()
                        .filter(line -> line.startsWith("| `logaggregator_"))
                        .collect(Collectors.joining("\n")));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @Test
    void what_strangers_make_up_makes_no_series() {
        app.api().get("/made-up");
        long before = scrape().lines().count();

        IntStream.range(0, 100).forEach(n -> {
            app.api().get("/made-up/" + n);
            app.api().send("MADEUP" + n, "/api/v1/made-up-" + n, null);
        });

        assertThat(scrape().lines().count() - before).isLessThan(60);
    }

    @Test
    void routes_are_listed_by_their_ids() {
        JsonNode routes = operators.get("/actuator/camelroutes").body();

        assertThat(routes.findValuesAsText("id")).contains("ingest-json", "accept", "store", "read-queue-1");
        assertThat(operators.get("/actuator/camelroutes/store/detail").status()).isEqualTo(200);
        assertThat(operators
                        .send("POST", "/actuator/camelroutes/store/stop", "")
                        .status())
                .isNotEqualTo(204);
        assertThat(state("store")).isEqualTo("started");
    }

    @Test
    void a_route_can_be_stopped_and_started() {
        assertThat(exec("routes", "prepare-days", "stop()").get("status").asInt())
                .isEqualTo(200);
        assertThat(state("prepare-days")).isEqualTo("stopped");

        assertThat(exec("routes", "prepare-days", "start()").get("status").asInt())
                .isEqualTo(200);
        assertThat(state("prepare-days")).isEqualTo("started");

        assertThat(exec("routes", "prepare-days", "remove()").get("status").asInt())
                .isEqualTo(403);
    }

    @Test
    void jolokia_shows_no_address() {
        String all = operators
                .send("POST", "/actuator/jolokia", "{\"type\":\"list\"}")
                .response()
                .body();
        String source = exec("context", "log-aggregator", "dumpRoutesAsXml()").toString();

        assertThat(all).contains("type=routes").doesNotContain("type=endpoints", "s3cret-address", "HotSpotDiagnostic");
        assertThat(source)
                .contains("notify-webhook", "${properties:notify.webhook.url}")
                .doesNotContain("s3cret-address");
    }

    @Test
    void hawtio_is_there() {
        Answer page = operators.get("/actuator/hawtio/index.html");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().body()).contains("<html");
        assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/actuator",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/threaddump",
                "/actuator/loggers",
                "/actuator/beans",
                "/actuator/configprops",
                "/actuator/mappings",
                "/actuator/shutdown",
                "/actuator/hawtio/proxy/localhost/8000/health",
                "/actuator//prometheus",
                "/api/v1/logs"
            })
    void nothing_else_is_there(String path) {
        assertThat(operators.get(path).status()).isEqualTo(404);
    }

    @Test
    void a_page_of_others_gets_nothing() {
        assertThat(asked("GET /actuator/prometheus HTTP/1.1\r\nHost: evil.example"))
                .isEqualTo(421);
        assertThat(asked("GET /actuator/camelroutes HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site"))
                .isEqualTo(403);
        assertThat(asked("POST /actuator/jolokia HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example"
                        + "\r\nContent-Length: 0"))
                .isEqualTo(403);
        assertThat(asked("GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\nConnection: close"))
                .isEqualTo(200);
    }

    private static int asked(String request) {
        try (RawConnection connection = new RawConnection(app.managementPort())) {
            return connection.send(request + "\r\n\r\n").answer().status();
        }
    }

    @Test
    void probes_are_at_both_ports() {
        assertThat(operators.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(operators.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(app.api().get("/livez").status()).isEqualTo(200);
        assertThat(app.api().get("/readyz").status()).isEqualTo(200);
    }

    private static String scrape() {
        return operators.get("/actuator/prometheus").response().body();
    }

    /** The sum of those whose name and labels begin so; NaN when there is none. */
    private static double metric(String name) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    private static JsonNode exec(String type, String name, String operation) {
        // other applications of the same JVM have other names
        String context = app.bean(CamelContext.class).getManagementName();
        String mbean = "org.apache.camel:context=" + context + ",type=" + type + ",name=\"" + name + "\"";
        String question = JsonNodeFactory.instance
                .objectNode()
                .put("type", "exec")
                .put("mbean", mbean)
                .put("operation", operation)
                .toString();
        return operators.send("POST", "/actuator/jolokia", question).body();
    }

    private static String state(String route) {
        for (JsonNode one : app.api().get("/api/v1/status").body().get("routes")) {
            if (one.get("id").asText().equals(route)) {
                return one.get("state").asText();
            }
        }
        throw new IllegalArgumentException(route);
    }
}
