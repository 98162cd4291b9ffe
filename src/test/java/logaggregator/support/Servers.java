package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One PostgreSQL and one Redis for all tests that don't break them; they end with the JVM of the tests. */
public final class Servers {

    private static PostgresProcess postgres;
    private static RedisProcess redis;

    private Servers() {}

    public static synchronized PostgresProcess postgres() {
        if (postgres == null) {
            postgres = new PostgresProcess(newDirectory("shared-postgres"));
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        }
        return postgres;
    }

    public static synchronized RedisProcess redis() {
        if (redis == null) {
            redis = new RedisProcess(newDirectory("shared-redis"));
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
        }
        return redis;
    }

    /** A new directory under target, which {@code mvn clean} removes. */
    public static Path newDirectory(String name) {
        try {
            Path parent = Files.createDirectories(Path.of("target/servers").toAbsolutePath());
            return Files.createTempDirectory(parent, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
