package logaggregator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/** A Redis server of a test's own, to be killed and started again. {@code -Dtest.redis=PROGRAM} chooses another one. */
public final class RedisProcess implements AutoCloseable {

    private final Path directory;
    private final int port;
    private final String program;
    private Process process;

    public RedisProcess(Path directory) {
        try {
            this.directory = Files.createDirectories(directory);
            this.port = Ports.free();
            String chosen = System.getProperty("test.redis", "");
            this.program = chosen.isBlank()
                    ? ExecutableProvider.newJarResourceProvider(directory.toFile())
                            .get()
                            .getAbsolutePath()
                    : chosen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Starts it, or starts it again with the data it had, and waits until it answers. */
    public void start() {
        start(new String[0]);
    }

    /** As {@link #start()}, with options that win over those it has. */
    public void start(String... options) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--save",
                ""));
        command.addAll(List.of(options));
        process = Processes.start(directory.resolve("redis.out"), command);
        Eventually.holds(() -> Processes.answers(port, "PING\r\n", "+PONG"));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public void kill() {
        Processes.kill(process);
    }

    public void signal(String name) {
        Processes.signal(process.pid(), name);
    }

    /** Removes its data; it must not be running. */
    public void forgetEverything() {
        try {
            Files.deleteIfExists(directory.resolve("appendonly.aof")); // before version 7
            FileSystemUtils.deleteRecursively(directory.resolve("appendonlydir"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path program() {
        return Path.of(program);
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port + "/0";
    }

    @Override
    public void close() {
        signal("CONT");
        kill();
    }
}
