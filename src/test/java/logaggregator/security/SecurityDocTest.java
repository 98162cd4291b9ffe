package logaggregator.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/SECURITY.md names a test, or gives a reason, for each point; the tests are there, under these names. */
class SecurityDocTest {

    private static final Path DOCUMENT = Path.of("docs/SECURITY.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");
    private static final Pattern ROWS = Pattern.compile("^\\| (\\d+)(?: to (\\d+))? \\|", Pattern.MULTILINE);
    private static final Pattern POINT = Pattern.compile("^\\| S(\\d+) \\|.*\\| \\S.* \\|$", Pattern.MULTILINE);

    @Test
    void each_test_that_is_named_exists() throws IOException {
        Map<String, String> tests = tests();
        Matcher named = TEST.matcher(Files.readString(DOCUMENT));
        int count = 0;
        while (named.find()) {
            assertThat(tests).containsKey(named.group(1));
            if (named.group(2) != null) {
                assertThat(tests.get(named.group(1))).as(named.group()).contains("void " + named.group(2) + "(");
            }
            count++;
        }
        assertThat(count).isGreaterThan(50);
    }

    @Test
    void no_point_and_no_row_is_left_out() throws IOException {
        String document = Files.readString(DOCUMENT);
        Set<Integer> points = new TreeSet<>();
        POINT.matcher(document).results().forEach(point -> points.add(Integer.valueOf(point.group(1))));
        Set<Integer> rows = new TreeSet<>();
        ROWS.matcher(document).results().forEach(row -> {
            int first = Integer.parseInt(row.group(1));
            int last = row.group(2) == null ? first : Integer.parseInt(row.group(2));
            IntStream.rangeClosed(first, last).forEach(rows::add);
        });

        assertThat(points).isEqualTo(upTo(32));
        assertThat(rows).isEqualTo(upTo(80));
    }

    private static Set<Integer> upTo(int last) {
        return new TreeSet<>(IntStream.rangeClosed(1, last).boxed().toList());
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (String root : List.of("src/test/java", "src/e2e/java")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> tests.put(file.getFileName().toString().replace(".java", ""), read(file)));
            }
        }
        return tests;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
