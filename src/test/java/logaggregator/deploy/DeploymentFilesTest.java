package logaggregator.deploy;

import static logaggregator.deploy.DeploymentFiles.KUBERNETES;
import static logaggregator.deploy.DeploymentFiles.at;
import static logaggregator.deploy.DeploymentFiles.document;
import static logaggregator.deploy.DeploymentFiles.documents;
import static logaggregator.deploy.DeploymentFiles.filesBelow;
import static logaggregator.deploy.DeploymentFiles.found;
import static logaggregator.deploy.DeploymentFiles.manifests;
import static logaggregator.deploy.DeploymentFiles.map;
import static logaggregator.deploy.DeploymentFiles.names;
import static logaggregator.deploy.DeploymentFiles.settings;
import static logaggregator.deploy.DeploymentFiles.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image, docker-compose.yml and the files for Kubernetes say nothing that the product doesn't know. */
class DeploymentFilesTest {

    private static final Path COMPOSE = Path.of("docker-compose.yml");
    private static final List<String> OUR_SERVICES = List.of("api", "worker");

    @Test
    void compose_sets_only_what_the_product_knows() {
        for (String service : OUR_SERVICES) {
            assertThat(settings())
                    .as(service)
                    .containsAll(map(service(service).get("environment")).keySet());
        }
    }

    @Test
    void what_compose_takes_from_the_environment_is_in_the_example() {
        assertThat(names(Path.of(".env.example")))
                .containsAll(found(Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)"), text(COMPOSE)));
    }

    @Test
    void compose_hands_on_what_the_environment_file_says_but_for_where_things_are() {
        for (String service : OUR_SERVICES) {
            assertThat(service(service)).as(service).containsEntry("env_file", ".env");
            assertThat(map(service(service).get("environment")).keySet())
                    .as(service)
                    .noneMatch(setting -> setting.startsWith("ALERT_") || setting.startsWith("NOTIFY_"));
        }
    }

    @Test
    void the_example_of_an_environment_holds_only_what_somebody_reads() {
        Set<String> read = new TreeSet<>(settings());
        read.addAll(found(Pattern.compile("\\$\\{([A-Z_]+)"), text(COMPOSE)));
        assertThat(read).containsAll(names(Path.of(".env.example")));
    }

    @Test
    void compose_publishes_on_the_loopback_interface_only() {
        List<Object> published = map(document(COMPOSE).get("services")).values().stream()
                .flatMap(service -> at(service, "ports"))
                .toList();

        assertThat(published).hasSize(4).allSatisfy(port -> assertThat((String) port)
                .startsWith("127.0.0.1:"));
    }

    @Test
    void compose_starts_the_service_after_servers_that_have_a_health_check() {
        for (String service : OUR_SERVICES) {
            Map<String, Object> awaited = map(service(service).get("depends_on"));
            assertThat(awaited).containsOnlyKeys("postgres", "redis");
            awaited.forEach((server, how) -> {
                assertThat(how).isEqualTo(Map.of("condition", "service_healthy"));
                assertThat(service(server)).containsKey("healthcheck");
            });
        }
    }

    @Test
    void the_queue_is_on_disk_before_anybody_is_answered() {
        String options = String.join(
                " ", at(service("redis"), "command").map(String::valueOf).toList());
        String pod = text(KUBERNETES.resolve("base/redis.yaml"));

        for (String redis : List.of(options, pod)) {
            assertThat(redis).contains("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction");
        }
    }

    @Test
    void pods_are_given_only_what_the_product_knows() {
        for (String role : OUR_SERVICES) {
            Map<String, Object> deployment = document(KUBERNETES.resolve("base/" + role + ".yaml"));
            Set<String> known = new TreeSet<>(settings());
            known.addAll(found(Pattern.compile("\\$\\(([A-Z_]+)\\)"), deployment.toString()));

            assertThat(known)
                    .containsAll(at(deployment, "spec", "template", "spec", "containers", "env", "name")
                            .map(String::valueOf)
                            .toList());
        }
    }

    @Test
    void settings_and_secrets_of_an_overlay_are_read_by_somebody() {
        for (String overlay : List.of("production", "trial")) {
            Path folder = KUBERNETES.resolve("overlays").resolve(overlay);
            assertThat(settings()).containsAll(names(folder.resolve("settings.env")));

            Set<String> read = new TreeSet<>(settings());
            manifests().forEach(file -> read.addAll(found(Pattern.compile("key: ([A-Z_]+)\\b"), text(file))));
            filesBelow(folder, ".camel.yaml")
                    .forEach(file -> read.addAll(found(Pattern.compile("\\$\\{properties:([A-Z_]+)}"), text(file))));
            assertThat(read).containsAll(names(folder.resolve("secrets.env.example")));
        }
    }

    @Test
    void secrets_that_pods_want_are_in_the_example_of_each_overlay() {
        Set<String> wanted = found(
                Pattern.compile("key: ([A-Z_]+)\\b"),
                text(KUBERNETES.resolve("base/api.yaml")) + text(KUBERNETES.resolve("base/redis.yaml")));
        for (String overlay : List.of("production", "trial")) {
            assertThat(names(KUBERNETES.resolve("overlays/" + overlay + "/secrets.env.example")))
                    .containsAll(wanted)
                    .contains("DATABASE_URL");
        }
    }

    @Test
    void pods_write_nowhere_and_are_nobody() {
        for (String role : OUR_SERVICES) {
            Map<String, Object> deployment = document(KUBERNETES.resolve("base/" + role + ".yaml"));
            assertThat(at(deployment, "spec", "template", "spec", "securityContext", "runAsNonRoot"))
                    .containsExactly(true);
            assertThat(at(
                            deployment,
                            "spec",
                            "template",
                            "spec",
                            "containers",
                            "securityContext",
                            "readOnlyRootFilesystem"))
                    .containsExactly(true);
        }
    }

    @Test
    void channels_may_write_files_wherever_the_service_runs() {
        assertThat(text(Path.of("Dockerfile")))
                .contains("WORKDIR /app\n", "RUN mkdir data && chown 10001 data\nUSER 10001\n");
        for (String role : OUR_SERVICES) {
            assertThat(at(service(role), "volumes")).contains("data:/app/data");
            Map<String, Object> deployment = document(KUBERNETES.resolve("base/" + role + ".yaml"));
            assertThat(at(deployment, "spec", "template", "spec", "containers", "volumeMounts"))
                    .contains(Map.of("name", "data", "mountPath", "/app/data"));
            assertThat(at(deployment, "spec", "template", "spec", "volumes")
                            .map(DeploymentFiles::map)
                            .filter(volume -> volume.containsKey("emptyDir"))
                            .map(volume -> volume.get("name")))
                    .contains("data");
            assertThat(at(deployment, "spec", "template", "spec", "securityContext", "fsGroup"))
                    .containsExactly(10001);
        }
    }

    @Test
    void compose_hands_on_what_channels_take_from_the_environment() {
        OUR_SERVICES.forEach(name -> assertThat(service(name)).containsEntry("env_file", ".env"));
    }

    @Test
    void the_key_of_the_installation_may_send_any_number_of_logs() {
        OUR_SERVICES.forEach(name -> assertThat(map(service(name).get("environment")))
                .containsEntry("RATE_LIMIT_PER_KEY", "${RATE_LIMIT_PER_KEY:-0}"));
        for (String overlay : List.of("production", "trial")) {
            assertThat(text(KUBERNETES.resolve("overlays/" + overlay + "/settings.env")))
                    .contains("RATE_LIMIT_PER_KEY=0\n");
        }
    }

    @Test
    void pods_have_the_limits_that_were_measured() {
        assertThat(limits("api")).isEqualTo(Map.of("memory", "512Mi", "cpu", "500m"));
        assertThat(limits("worker")).isEqualTo(Map.of("memory", "1Gi", "cpu", "1"));
    }

    private static Object limits(String role) {
        return at(
                        document(KUBERNETES.resolve("base/" + role + ".yaml")),
                        "spec",
                        "template",
                        "spec",
                        "containers",
                        "resources",
                        "limits")
                .findFirst()
                .orElseThrow();
    }

    @Test
    void kustomizations_name_files_that_exist() {
        for (Path file : filesBelow(KUBERNETES, "kustomization.yaml")) {
            Map<String, Object> kustomization = document(file);
            List<Object> names = java.util.stream.Stream.of(
                            at(kustomization, "resources"),
                            at(kustomization, "configMapGenerator", "files"),
                            at(kustomization, "configMapGenerator", "envs"))
                    .flatMap(each -> each)
                    .toList();
            assertThat(names).allSatisfy(name -> assertThat(file.resolveSibling((String) name))
                    .exists());
        }
    }

    @Test
    void the_network_policies_name_ports_and_pods_that_exist() {
        Set<Object> names = new java.util.HashSet<>();
        Set<Object> ports = new java.util.HashSet<>();
        for (Path file : manifests()) {
            for (Map<String, Object> object : documents(file)) {
                at(object, "spec", "template", "metadata", "labels", "app.kubernetes.io/name")
                        .forEach(names::add);
                at(object, "spec", "template", "spec", "containers", "ports", "name")
                        .forEach(ports::add);
            }
        }
        for (Map<String, Object> policy : documents(KUBERNETES.resolve("base/network.yaml"))) {
            assertThat(names)
                    .containsAll(at(policy, "spec", "podSelector", "matchLabels", "app.kubernetes.io/name")
                            .toList());
            assertThat(ports)
                    .containsAll(at(policy, "spec", "ingress", "ports", "port").toList());
        }
    }

    @Test
    void the_image_is_made_of_files_that_exist() {
        Set<String> copied = found(Pattern.compile("(?m)^COPY (?!--from)(\\S+)"), text(Path.of("Dockerfile")));

        assertThat(copied).isNotEmpty().allSatisfy(file -> assertThat(Path.of(file))
                .exists());
        assertThat(Path.of("deploy/docker/healthy")).isExecutable();
        assertThat(Files.exists(Path.of(".dockerignore"))).isTrue();
    }

    private static Map<String, Object> service(String name) {
        return map(map(document(COMPOSE).get("services")).get(name));
    }
}
