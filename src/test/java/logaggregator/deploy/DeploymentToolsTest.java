package logaggregator.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static logaggregator.deploy.DeploymentFiles.KUBERNETES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** What the tools themselves say of the files, where they are installed. */
class DeploymentToolsTest {

    private static final Map<String, String> SECRETS =
            Map.of("POSTGRES_PASSWORD", "postgres", "API_KEYS", "a".repeat(32), "METRICS_KEY", "m".repeat(32));

    @TempDir
    Path directory;

    @Test
    void prometheus_takes_rules_and_the_job() throws Exception {
        succeeds("promtool", "check", "rules", "deploy/prometheus/rules/log-aggregator.rules.yml");
        succeeds("promtool", "check", "config", "--syntax-only", "deploy/prometheus/prometheus.yml");
    }

    @Test
    void each_alert_fires_for_its_fault_and_for_no_other() throws Exception {
        succeeds("promtool", "test", "rules", "deploy/prometheus/log-aggregator.test.yml");
    }

    @Test
    void alertmanager_takes_its_example() throws Exception {
        succeeds("amtool", "check-config", "deploy/alertmanager/alertmanager.yml");
    }

    @Test
    void compose_takes_its_file() throws Exception {
        Path file = Files.copy(Path.of("docker-compose.yml"), directory.resolve("docker-compose.yml"));
        Files.copy(Path.of(".env.example"), directory.resolve(".env"));

        succeeds("docker-compose", "--file", file.toString(), "--profile", "monitoring", "config", "--quiet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"production", "trial"})
    void kustomize_makes_an_overlay_with_its_example_of_secrets(String overlay) throws Exception {
        FileSystemUtils.copyRecursively(KUBERNETES, directory);
        Path folder = directory.resolve("overlays").resolve(overlay);
        Files.copy(folder.resolve("secrets.env.example"), folder.resolve("secrets.env"));

        String made = succeeds("kubectl", "kustomize", folder.toString());

        // each name of a secret or of settings is one that was made
        for (String kind : List.of("secretKeyRef", "secretRef", "configMapRef", "configMap")) {
            assertThat(DeploymentFiles.found(Pattern.compile(kind + ":\\n(?: +key: .*\\n)? +name: (\\S+)"), made))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(made).contains("\nmetadata:\n  name: " + name + "\n"));
        }
    }

    /** What it printed. */
    private static String succeeds(String... command) throws IOException, InterruptedException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0])));
        if (!installed) {
            System.err.println("########## DeploymentToolsTest IS SKIPPED IN PART: no " + command[0]);
        }
        assumeTrue(installed);
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        builder.environment().putAll(SECRETS);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
