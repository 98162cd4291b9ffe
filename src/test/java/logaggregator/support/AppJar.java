package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The jar as the Dockerfile prepares it: taken apart, with an archive of the classes that a start loads. So, and without the
 * compiler that only pays in processes that live for long, a process starts in a third of the time.
 */
final class AppJar {

    private AppJar() {}

    /** Arguments of {@code java}, the last of which is the jar. */
    static List<String> arguments() {
        Path directory = BuildCache.directory("app-" + version(), AppJar::prepare);
        return List.of(
                "-XX:SharedArchiveFile=" + archive(directory),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                directory.resolve(jar().getFileName()).toString());
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path jar() {
        return Path.of(System.getProperty("app.jar"));
    }

    /** Changes with the jar, and with the JVM, which understands its own archives only. */
    private static String version() {
        try {
            return Integer.toHexString(Objects.hash(
                    Files.getLastModifiedTime(jar()).toMillis(),
                    Files.size(jar()),
                    System.getProperty("java.vm.version")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path archive(Path directory) {
        return directory.resolve("app.jsa");
    }

    private static void prepare(Path directory) throws IOException {
        Processes.run(List.of(
                java(), "-Djarmode=tools", "-jar", jar().toString(), "extract", "--destination", directory.toString()));
        List<String> arguments = List.of(
                "-XX:ArchiveClassesAtExit=" + archive(directory),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                directory.resolve(jar().getFileName()).toString());
        try (PostgresProcess postgres = new PostgresProcess(directory);
                RedisProcess redis = new RedisProcess(directory.resolve("redis"));
                AppProcess app = AppProcess.withOptions(
                        arguments, directory, Map.of("DATABASE_URL", postgres.url(), "REDIS_URL", redis.url()))) {
            app.api().ingest(Records.json("first", 0));
            Eventually.holds(
                    () -> app.api().get("/api/v1/logs/?app=first").body().size() == 1);
        }
    }
}
