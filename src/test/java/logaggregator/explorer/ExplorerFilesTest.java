package logaggregator.explorer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the log explorer consists of. */
class ExplorerFilesTest {

    private static final Path UI = Path.of("src/main/resources/static/ui");
    private static final Path VENDOR = UI.resolve("vendor");
    private static final int MAX_LINES = 300;

    @Test
    void the_libraries_are_as_the_script_made_them() throws Exception {
        List<String> sums = Files.readAllLines(VENDOR.resolve("SHA256SUMS"));
        assertThat(sums).hasSize(3);
        for (String sum : sums) {
            String[] parts = sum.split(" +");
            byte[] file = Files.readAllBytes(VENDOR.resolve(parts[1]));
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
                    .as(parts[1])
                    .isEqualTo(parts[0]);
        }
    }

    @Test
    void each_library_comes_with_its_licence() throws IOException {
        String licences = Files.readString(VENDOR.resolve("LICENSES.txt"));
        Files.readAllLines(Path.of("src/main/ui-vendor/package.json")).stream()
                .takeWhile(line -> !line.contains("devDependencies"))
                .filter(line -> line.matches(" {4}\".*"))
                .map(line -> line.replaceAll("[\", ]", "").replace(':', ' '))
                .forEach(library -> assertThat(licences).contains("== " + library + " =="));
        assertThat(licences).contains("Permission is hereby granted", "Apache License");
    }

    @Test
    void our_modules_are_short_checked_and_make_no_markup_of_texts() throws IOException {
        assertThat(modules()).hasSizeGreaterThan(20).allSatisfy(module -> {
            assertThat(module.lines().limit(1)).containsExactly("// @ts-check");
            assertThat(module.lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
            assertThat(module)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write");
        });
    }

    @Test
    void nothing_comes_from_elsewhere() throws IOException {
        try (Stream<Path> files = Files.walk(UI)) {
            assertThat(files.filter(file -> file.toString().matches(".*\\.(js|css|html)")))
                    .allSatisfy(file -> assertThat(read(file))
                            .as("%s", file)
                            .doesNotContainPattern("https?://(?!www\\.w3\\.org/)"));
        }
        assertThat(read(UI.resolve("index.html"))).doesNotContain("style=", "onload=", "<style", "<script>");
    }

    @Test
    void the_page_names_all_modules() throws IOException {
        String page = read(UI.resolve("index.html"));
        try (Stream<Path> files = Files.walk(UI)) {
            assertThat(files.filter(file -> file.toString().endsWith(".js")))
                    .allSatisfy(file -> assertThat(page).contains("\"" + UI.relativize(file) + "\""));
        }
    }

    @Test
    void each_page_is_pictured_in_both_colours_for_the_readme() throws IOException {
        String readme = read(Path.of("README.md"));
        try (Stream<Path> pictures = Files.list(Path.of("docs/images"))) {
            assertThat(pictures.filter(picture -> !isOfHawtio(picture))
                            .map(Path::toString)
                            .sorted())
                    .hasSizeGreaterThanOrEqualTo(2 * 8)
                    .allSatisfy(picture -> {
                        assertThat(readme).contains("\"" + picture + "\"");
                        assertThat(Path.of(picture.replace("-dark", "-light"))).exists();
                        assertThat(Path.of(picture.replace("-light", "-dark"))).exists();
                    });
        }
    }

    @Test
    void operating_shows_the_pictures_of_hawtio() throws IOException {
        String operating = read(Path.of("docs/OPERATING.md"));
        try (Stream<Path> pictures = Files.list(Path.of("docs/images"))) {
            assertThat(pictures.filter(ExplorerFilesTest::isOfHawtio).map(Path::getFileName))
                    .isNotEmpty()
                    .allSatisfy(picture -> assertThat(operating).contains("(images/" + picture + ")"));
        }
    }

    private static boolean isOfHawtio(Path picture) {
        return picture.getFileName().toString().startsWith("hawtio-");
    }

    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.walk(UI)) {
            return files.filter(file -> file.toString().endsWith(".js"))
                    .filter(file -> !file.startsWith(VENDOR) && !file.endsWith("theme.js"))
                    .map(ExplorerFilesTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
