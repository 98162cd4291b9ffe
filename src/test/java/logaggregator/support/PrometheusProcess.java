package logaggregator.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A Prometheus that asks processes of this machine, and for which time runs faster: it asks each second instead of every 15, and
 * what its rules call 15 minutes takes one.
 */
public final class PrometheusProcess implements AutoCloseable {

    public static final String PROGRAM = "/usr/bin/prometheus";

    private static final long HASTE = 15;
    private static final Pattern DURATION = Pattern.compile("(for: |\\[|offset )(\\d+)([smh])");

    private final int port = Ports.free();
    private final Api api = new Api(port);
    private final Process process;

    /** @param ports where it finds metrics of the service */
    public PrometheusProcess(Path directory, Path rules, Collection<Integer> ports) {
        String targets = ports.stream().map(each -> "'127.0.0.1:" + each + "'").collect(Collectors.joining(", "));
        Path configuration = directory.resolve("prometheus.yml");
        try {
            Files.writeString(directory.resolve("hasty.rules.yml"), hasty(Files.readString(rules)));
            Files.writeString(configuration, """
                    global: {scrape_interval: 1s, evaluation_interval: 1s}
                    rule_files: [hasty.rules.yml]
                    scrape_configs:
                      - job_name: log-aggregator
                        metrics_path: /actuator/prometheus
                        static_configs: [{targets: [%s]}]
                    """.formatted(targets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = Processes.start(
                directory.resolve("prometheus.log"),
                List.of(
                        PROGRAM,
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port));
        Eventually.holds(
                () -> Processes.answers(port, "GET /-/ready HTTP/1.0\r\nHost: localhost\r\n\r\n", "HTTP/1.0 200"));
    }

    private static String hasty(String rules) {
        return DURATION.matcher(rules)
                .replaceAll(found -> found.group(1)
                        + seconds(found.group(3)) * Long.parseLong(found.group(2)) * 1_000 / HASTE + "ms");
    }

    private static int seconds(String unit) {
        return unit.equals("s") ? 1 : unit.equals("m") ? 60 : 3_600;
    }

    /** The names of alerts that fire. */
    public Set<String> firing() {
        return elements(api.get("/api/v1/alerts").body().at("/data/alerts"))
                .filter(alert -> alert.path("state").asText().equals("firing"))
                .map(alert -> alert.at("/labels/alertname").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is wrong with rules that can't be evaluated. */
    public List<String> brokenRules() {
        return elements(api.get("/api/v1/rules").body().at("/data/groups"))
                .flatMap(group -> elements(group.path("rules")))
                .filter(rule -> !rule.path("health").asText().equals("ok"))
                .map(rule -> rule.path("name").asText() + ": "
                        + rule.path("lastError").asText())
                .toList();
    }

    /** Whether an expression has a value now. */
    public boolean knows(String expression) {
        JsonNode answer = api.get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .body();
        return elements(answer.at("/data/result"))
                .anyMatch(sample -> !sample.at("/value/1").asText().equals("NaN"));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @Override
    public void close() {
        Processes.kill(process);
    }
}
