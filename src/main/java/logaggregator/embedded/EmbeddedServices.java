package logaggregator.embedded;

import java.nio.file.Path;
import logaggregator.UnavailableException;
import logaggregator.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * PostgreSQL and Redis for whoever has none: started when first asked for, on loopback, with their data in DATA_DIR, and
 * stopped when the application ends. Servers that a killed process left running are taken over.
 */
@Component
public class EmbeddedServices implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedServices.class);

    private final Path path;
    private @Nullable DataDirectory directory;
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable EmbeddedRedis redis;

    public EmbeddedServices(@Value("${app.data-dir}") String path) {
        this.path = Path.of(path.isBlank() ? "./data" : path);
    }

    public synchronized EmbeddedPostgres postgres() {
        if (postgres == null) {
            postgres = startPostgres();
        }
        return postgres;
    }

    public synchronized EmbeddedRedis redis() {
        if (redis == null) {
            redis = startRedis();
        }
        return redis;
    }

    public synchronized boolean runsPostgres() {
        return postgres != null;
    }

    public synchronized boolean runsRedis() {
        return redis != null;
    }

    /**
     * Starts again what has ended by itself, on the port it had; called every few seconds.
     *
     * @throws UnavailableException when that isn't possible at the moment
     */
    public synchronized void revive() {
        try {
            if (postgres != null && !postgres.isAlive()) {
                postgres = startPostgres();
            }
            if (redis != null && !redis.isAlive()) {
                redis = startRedis();
            }
        } catch (InvalidSettingException e) {
            throw new UnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private EmbeddedPostgres startPostgres() {
        try {
            EmbeddedPostgres started = EmbeddedPostgres.start(directory());
            log.info("Embedded PostgreSQL on 127.0.0.1:{}, data in {}", started.port(), started.data());
            return started;
        } catch (Exception e) {
            throw cannotStart("DATABASE_URL", "PostgreSQL", e);
        }
    }

    private EmbeddedRedis startRedis() {
        try {
            EmbeddedRedis started = EmbeddedRedis.start(directory());
            log.info(
                    "Embedded Redis on 127.0.0.1:{}, data in {}, its password beside it in {}",
                    started.port(),
                    started.data(),
                    EmbeddedRedis.PASSWORD_FILE);
            return started;
        } catch (Exception e) {
            throw cannotStart("REDIS_URL", "Redis", e);
        }
    }

    private DataDirectory directory() {
        if (directory == null) {
            directory = DataDirectory.open(path);
        }
        return directory;
    }

    private static InvalidSettingException cannotStart(String setting, String service, Exception cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (cause instanceof InvalidSettingException invalid) {
            return invalid;
        }
        return new InvalidSettingException(
                setting,
                "is not set, and the embedded " + service + " can't be started on "
                        + System.getProperty("os.name") + "/" + System.getProperty("os.arch") + ": "
                        + cause.getMessage()
                        + ". Set " + setting + " to a server of yours.",
                cause);
    }

    /** Stops what was started; last of all, since whoever uses the servers depends on this bean. */
    @Override
    public synchronized void close() {
        if (redis != null) {
            redis.stop();
        }
        if (postgres != null) {
            postgres.stop();
        }
        if (directory != null) {
            directory.close();
        }
    }
}
