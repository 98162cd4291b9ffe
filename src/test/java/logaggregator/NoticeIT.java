package logaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** NOTICE names each library that comes with the program. */
class NoticeIT {

    @Test
    void names_every_library_of_the_jar() throws Exception {
        String notice = Files.readString(Path.of("NOTICE"));
        List<String> libraries;
        try (JarFile jar = new JarFile(System.getProperty("app.jar"))) {
            libraries = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar"))
                    .map(name -> name.replaceFirst(".*/", "").replaceFirst("-\\d[\\w.-]*\\.jar$", ""))
                    .toList();
        }

        assertThat(libraries).hasSizeGreaterThan(100).allSatisfy(library -> assertThat(notice)
                .contains("  " + library + " ("));
    }
}
