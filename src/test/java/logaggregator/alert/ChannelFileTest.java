package logaggregator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChannelFileTest {

    private static final String GOOD = """
            - route:
                id: notify-teams
                group: notify
                from:
                  uri: direct:notify-teams
                  steps:
                    - to:
                        uri: log:teams
                        parameters:
                          showAll: true
            """;

    @Test
    void a_good_file_has_channels_and_no_problems() {
        ChannelFile file = ChannelFile.read(GOOD);

        assertThat(file.problems()).isEmpty();
        assertThat(file.routeIds()).containsExactly("notify-teams");
    }

    @Test
    void what_comes_with_the_program_is_good() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/routes"))) {
            assertThat(files.filter(file -> file.toString().contains("notify-")))
                    .hasSize(6)
                    .allSatisfy(file -> assertThat(problems(Files.readString(file)))
                            .as("%s", file)
                            .isEmpty());
        }
    }

    /** The one that visual editors write: no step and no expression is a mere text. */
    @Test
    void what_comes_with_the_program_and_the_examples_are_in_the_explicit_form() throws IOException {
        Matcher examples = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("conf/routes/README.md")));
        List<String> texts = new ArrayList<>(
                examples.results().map(example -> example.group(1)).toList());
        assertThat(texts).hasSize(3);
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/routes"))) {
            for (Path file : files.toList()) {
                texts.add(Files.readString(file));
            }
        }

        assertThat(texts).allSatisfy(text -> assertThat(shorthand(text)).isEmpty());
        assertThat(shorthand(GOOD.replaceAll("(?s)- to:.*", "- to: log:teams"))).isNotEmpty();
        assertThat(shorthand(GOOD.replaceAll("(?s)- to:.*", "- setBody: {simple: a}")))
                .isNotEmpty();
        assertThat(shorthand(GOOD.replaceAll("(?s)- to:.*", "- setBody: {expression: {simple: a}}")))
                .isNotEmpty();
    }

    private static List<String> shorthand(String text) {
        List<String> found = new ArrayList<>();
        YamlDocument.parse(text).root().findValues("steps").forEach(steps -> addShorthand(steps, found));
        return found;
    }

    private static void addShorthand(JsonNode steps, List<String> found) {
        for (JsonNode step : steps) {
            String name = step.fieldNames().next();
            JsonNode options = step.get(name);
            JsonNode expression = options.path("expression");
            boolean needsExpression = List.of("setBody", "setHeader", "setVariable", "setProperty", "filter")
                    .contains(name);
            boolean hasExpression = expression.isObject()
                    && expression.size() == 1
                    && expression.elements().next().isObject();
            if (!options.isObject() || needsExpression && !hasExpression) {
                found.add(step.toString());
            }
            options.findValues("steps").forEach(inner -> addShorthand(inner, found));
        }
    }

    @Test
    void the_beginning_may_be_written_as_editors_do() {
        assertThat(problems(GOOD.replace(
                        "uri: direct:notify-teams\n", "uri: direct\n      parameters:\n        name: notify-teams\n")))
                .isEmpty();
    }

    @Test
    void a_fault_has_its_line() {
        assertThat(problems(GOOD.replace("id: notify-teams", "id: teams"))).startsWith("line 2: ");
        assertThat(problems(GOOD.replace("group: notify", "group: other"))).startsWith("line 3: ");
        assertThat(problems(GOOD.replace("uri: direct:notify-teams", "uri: timer:tick")))
                .startsWith("line 5: ");
        assertThat(problems(GOOD.replace("- to:", "- too:")))
                .startsWith("line 7: ")
                .contains("too");
        assertThat(problems(GOOD.replace("parameters:", "paramters:")))
                .startsWith("line 9: ")
                .contains("paramters");
        assertThat(problems(GOOD.replace("uri: log:teams", "uri: [log:teams"))).contains("not YAML");
        assertThat(problems(GOOD + GOOD)).startsWith("line 12: ").contains("twice");
        assertThat(problems(GOOD.replace("group: notify", "group: notify\n    group: notify")))
                .startsWith("line 4: ");
        assertThat(problems(GOOD.replace("group: notify", "group: notify\n    routeConfigurationId: chanel")))
                .startsWith("line 4: ");
    }

    @Test
    void only_routes_may_be_in_it() {
        assertThat(problems("")).contains("empty");
        assertThat(problems("route: 1")).contains("must be a list");
        assertThat(problems("just words")).contains("must be a list");
        assertThat(problems("- beans: []\n")).contains("beans");
        assertThat(problems(GOOD + "- rest: {}\n")).startsWith("line 11: ").contains("rest");
        assertThat(problems(GOOD + "---\n" + GOOD)).isNotEmpty();
    }

    @Test
    void what_would_take_for_ever_to_read_is_refused() {
        StringBuilder laughs = new StringBuilder("- &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("- &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }

        assertThat(problems(laughs.toString())).contains("aliases");
        assertThat(problems("[".repeat(5_000))).isNotEmpty();
        assertThat(problems("- &a [*a]\n")).isNotEmpty();
    }

    private static String problems(String text) {
        return String.join(
                "; ",
                ChannelFile.read(text).problems().stream()
                        .map(ChannelFile.Problem::toString)
                        .toList());
    }
}
