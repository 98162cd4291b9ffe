package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import logaggregator.support.AppProcess;

/** From the command until the service is ready, laid out as in the image: unpacked, with an archive of its classes. */
final class StartUp {

    private static final Duration TRAINING = Duration.ofSeconds(30);

    private final Stage stage;
    private final Path directory = Path.of("target", "bench", "app").toAbsolutePath();
    private final Path jar = Path.of(System.getProperty("app.jar"));

    StartUp(Stage stage) {
        this.stage = stage;
    }

    List<Series> measure(int rounds) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        run(List.of(
                java,
                "-Djarmode=tools",
                "-jar",
                jar.toString(),
                "extract",
                "--force",
                "--destination",
                directory.toString()));
        Path unpacked = directory.resolve(jar.getFileName());
        Path archive = directory.resolve("app.jsa");
        train(List.of(java, "-XX:+UseParallelGC", "-XX:ArchiveClassesAtExit=" + archive, "-jar", unpacked.toString()));
        Series asJar = new Series("start to ready: the jar", "s");
        Series asImage = new Series("start to ready: unpacked, with its class archive", "s");
        for (int n = 0; n < rounds; n++) {
            asJar.add(seconds(List.of("-XX:+UseParallelGC", "-Xmx512m", "-jar", jar.toString())));
            asImage.add(seconds(List.of(
                    "-XX:+UseParallelGC",
                    "-Xmx512m",
                    "-XX:SharedArchiveFile=" + archive,
                    "-jar",
                    unpacked.toString())));
        }
        return List.of(asJar, asImage);
    }

    private double seconds(List<String> options) {
        long begin = System.nanoTime();
        try (AppProcess service = AppProcess.withOptions(options, directory, stage.servers())) {
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        if (builder(command).start().waitFor() != 0) {
            throw new IOException(command + " failed");
        }
    }

    /** As in the Dockerfile: there are no servers, and it is ended when all that a start loads is loaded. */
    private static void train(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(command);
        builder.environment()
                .putAll(Map.of(
                        "DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none",
                        "REDIS_URL", "redis://127.0.0.1:1",
                        "PORT", "0"));
        Process process = builder.start();
        process.waitFor(TRAINING.toSeconds(), TimeUnit.SECONDS);
        process.destroy();
        process.waitFor();
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }
}
