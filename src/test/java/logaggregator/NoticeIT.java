package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** NOTICE, the jar and its bill of materials name the same libraries, and the same licences. */
class NoticeIT {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** Comes with the jar itself, and is no dependency. */
    private static final String OF_THE_JAR = "spring-boot-jarmode-tools";

    /** Has nothing in it, and so isn't in the jar. */
    private static final String EMPTY = "spring-boot-starter";

    private static final Path BILL = Path.of("target/bom.json");

    private static final Pattern NOTICE = Pattern.compile("^  (\\S+) \\((\\S+)\\)(?:: (.+))?$", Pattern.MULTILINE);

    @Test
    void notice_names_every_library_of_the_jar_and_no_other() throws IOException {
        Set<String> inJar = jar().stream()
                .map(file -> file.replaceFirst("-\\d[\\w.-]*\\.jar$", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(inJar).hasSizeGreaterThan(100);
        assertThat(notice().keySet().stream().map(name -> name.replaceFirst(".*:", "")))
                .containsExactlyInAnyOrderElementsOf(inJar);
    }

    @Test
    void the_bill_of_materials_lists_what_is_in_the_jar() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (JsonNode component : components()) {
            String name = component.get("name").asText();
            if (!name.startsWith(EMPTY)) {
                listed.add(name + "-" + component.get("version").asText() + ".jar");
            }
        }

        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(jar().stream()
                        .filter(file -> !file.startsWith(OF_THE_JAR))
                        .toList());
    }

    @Test
    void notice_names_the_licences_that_the_libraries_name() throws IOException {
        Map<String, Set<String>> notice = notice();
        Map<String, Set<String>> named = new TreeMap<>();
        for (JsonNode component : components()) {
            String name = component.get("group").asText() + ":"
                    + component.get("name").asText();
            if (notice.containsKey(name)) {
                named.put(name, licences(component));
            }
        }
        notice.keySet().removeIf(name -> name.endsWith(":" + OF_THE_JAR));

        assertThat(named).isEqualTo(notice);
    }

    /** The files of libraries in the jar. */
    private static Set<String> jar() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("app.jar"))) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    .map(name -> name.substring(LIBRARIES.length()))
                    .collect(Collectors.toSet());
        }
    }

    /** Licences, of which one may choose, by group and name. */
    private static Map<String, Set<String>> notice() throws IOException {
        Map<String, Set<String>> notice = new TreeMap<>();
        NOTICE.matcher(Files.readString(Path.of("NOTICE")))
                .results()
                .forEach(line -> notice.put(
                        line.group(2) + ":" + line.group(1),
                        line.group(3) == null
                                ? Set.of("Apache-2.0")
                                : Set.copyOf(Arrays.asList(line.group(3).split(" or ")))));
        return notice;
    }

    private static Iterable<JsonNode> components() throws IOException {
        boolean isThere = Files.exists(BILL);
        if (!isThere) {
            System.err.println(
                    "########## Maven works offline (-o) and wrote no " + BILL + ": IT IS NOT LOOKED AT ##########");
        }
        assumeTrue(isThere);
        return new ObjectMapper().readTree(BILL.toFile()).get("components");
    }

    private static Set<String> licences(JsonNode component) {
        Set<String> licences = new TreeSet<>();
        for (JsonNode entry : component.path("licenses")) {
            JsonNode licence = entry.path("license");
            String name = licence.path("id").asText(licence.path("name").asText());
            String choice = entry.path("expression").asText(name);
            licences.addAll(Arrays.asList(choice.replaceAll("[()]", "").split(" OR ")));
        }
        return licences;
    }
}
