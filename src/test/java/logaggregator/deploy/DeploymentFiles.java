package logaggregator.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files with which the product is deployed, as data. */
final class DeploymentFiles {

    static final Path KUBERNETES = Path.of("deploy/kubernetes");

    private static final Pattern SETTING = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*):");
    private static final Pattern LINE = Pattern.compile("(?m)^(?:# ?)?([A-Z][A-Z0-9_]*)=");

    private DeploymentFiles() {}

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The documents of a file. */
    static List<Map<String, Object>> documents(Path file) {
        Iterable<Object> documents = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text(file));
        return StreamSupport.stream(documents.spliterator(), false)
                .map(DeploymentFiles::map)
                .toList();
    }

    static Map<String, Object> document(Path file) {
        return documents(file).get(0);
    }

    /** What Kubernetes is given, but for what kustomize makes. */
    static List<Path> manifests() {
        return filesBelow(KUBERNETES, ".yaml").stream()
                .filter(file ->
                        !file.endsWith("kustomization.yaml") && !file.toString().contains("/conf/"))
                .filter(file -> text(file).contains("apiVersion:"))
                .toList();
    }

    static List<Path> filesBelow(Path folder, String end) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The environment variables that application.yaml reads. */
    static Set<String> settings() {
        return found(SETTING, text(Path.of("src/main/resources/application.yaml")));
    }

    /** The names in a file of NAME=value, those that are commented out among them. */
    static Set<String> names(Path file) {
        return found(LINE, text(file));
    }

    static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is at the end of a path of keys; of a list, in each of its elements. */
    static Stream<Object> at(Object node, String... path) {
        Stream<Object> nodes = Stream.of(node);
        for (String key : path) {
            nodes = nodes.flatMap(DeploymentFiles::elements)
                    .filter(Map.class::isInstance)
                    .map(each -> map(each).get(key))
                    .filter(each -> each != null);
        }
        return nodes.flatMap(DeploymentFiles::elements);
    }

    private static Stream<Object> elements(Object node) {
        return node instanceof List<?> list ? list.stream().map(Object.class::cast) : Stream.of(node);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}
