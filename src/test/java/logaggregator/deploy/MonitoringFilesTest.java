package logaggregator.deploy;

import static logaggregator.deploy.DeploymentFiles.at;
import static logaggregator.deploy.DeploymentFiles.document;
import static logaggregator.deploy.DeploymentFiles.found;
import static logaggregator.deploy.DeploymentFiles.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import logaggregator.metrics.Metrics;
import org.junit.jupiter.api.Test;

/** The dashboard, the rules and the runbook speak of the same things, and of metrics that there are. */
class MonitoringFilesTest {

    private static final Path RULES = Path.of("deploy/prometheus/rules/log-aggregator.rules.yml");
    private static final Path RULE_TESTS = Path.of("deploy/prometheus/log-aggregator.test.yml");
    private static final Path DASHBOARD = Path.of("deploy/grafana/dashboards/log-aggregator.json");
    private static final Path RUNBOOK = Path.of("docs/OPERATING.md");

    /** Of metrics that libraries, Prometheus and Kubernetes name. */
    private static final Pattern OF_OTHERS = Pattern.compile(
            "up|ALERTS|(jvm|process|system|hikaricp|disk|camel|kubelet_volume_stats|node_filesystem)_\\w+");

    private static final Set<String> WORDS = Set.of("by", "and", "or", "unless", "offset", "vector", "job");

    @Test
    void metrics_of_the_dashboard_and_of_the_rules_exist() {
        Set<String> names = Stream.concat(
                        at(document(DASHBOARD), "panels", "targets", "expr"),
                        at(document(RULES), "groups", "rules", "expr"))
                .flatMap(expression -> metrics((String) expression).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> recorded = strings(RULES, "record");
        Set<String> ours = ours();

        assertThat(names).hasSizeGreaterThan(40).allSatisfy(name -> assertThat(
                        recorded.contains(name) || OF_OTHERS.matcher(name).matches() || ours.contains(name))
                .as(name)
                .isTrue());
    }

    /** All that {@link Metrics} has, as Prometheus gets it. */
    private static Set<String> ours() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Metrics metrics = new Metrics(registry);
        for (Metrics.Gauge gauge : Metrics.Gauge.values()) {
            metrics.watch(gauge, () -> 1);
        }
        metrics.channel("print");
        metrics.fired("ERROR", true);
        metrics.storedOf("demo", 1);
        return found(Pattern.compile("(?m)^(\\w+)[{ ]"), registry.scrape());
    }

    /** The names in an expression of PromQL: what remains of it without texts, labels, durations, numbers and functions. */
    private static Set<String> metrics(String expression) {
        String names = expression
                .replaceAll("\\{[^}]*}", " ")
                .replaceAll("\\[[^]]*]", " ")
                .replaceAll("\\bby \\([^)]*\\)", " ")
                .replaceAll("\\boffset \\w+", " ")
                .replaceAll("\\w+\\s*\\(", " ");
        Set<String> found = found(Pattern.compile("(?<![\\w.])([a-zA-Z_][\\w:]*)"), names);
        found.removeAll(WORDS);
        return found;
    }

    @Test
    void each_alert_has_its_paragraph_in_the_runbook_and_each_paragraph_its_alert() {
        assertThat(found(Pattern.compile("(?m)^### (LogAggregator\\w+)$"), text(RUNBOOK)))
                .isEqualTo(strings(RULES, "alert"));
    }

    @Test
    void each_alert_has_a_test_in_which_it_fires() {
        Set<String> fired = at(document(RULE_TESTS), "tests", "alert_rule_test")
                .filter(test -> DeploymentFiles.map(test).containsKey("exp_alerts"))
                .map(test -> (String) DeploymentFiles.map(test).get("alertname"))
                .collect(Collectors.toSet());

        assertThat(fired).isEqualTo(strings(RULES, "alert"));
    }

    @Test
    void each_alert_says_how_bad_it_is_and_whose() {
        List<Object> labels = at(document(RULES), "groups", "rules", "labels").toList();

        assertThat(labels).hasSameSizeAs(strings(RULES, "alert")).allSatisfy(each -> assertThat(
                        DeploymentFiles.map(each))
                .containsEntry("service", "log-aggregator")
                .extractingByKey("severity")
                .isIn("critical", "warning"));
    }

    @Test
    void alertmanager_speaks_of_alerts_that_there_are() {
        Set<String> named =
                found(Pattern.compile("(LogAggregator\\w+)"), text(Path.of("deploy/alertmanager/alertmanager.yml")));

        assertThat(strings(RULES, "alert")).containsAll(named);
    }

    @Test
    void places_of_panels_do_not_overlap() {
        Set<String> taken = new TreeSet<>();
        at(document(DASHBOARD), "panels", "gridPos").map(DeploymentFiles::map).forEach(place -> {
            for (int x = 0; x < (int) place.get("w"); x++) {
                for (int y = 0; y < (int) place.get("h"); y++) {
                    String cell = ((int) place.get("x") + x) + "," + ((int) place.get("y") + y);
                    assertThat(taken.add(cell)).as(cell).isTrue();
                }
            }
        });
    }

    private static Set<String> strings(Path file, String key) {
        return at(document(file), "groups", "rules", key)
                .map(String::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
